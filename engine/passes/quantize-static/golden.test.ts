import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { noTools, silent } from "../pass.ts";
import { quantizeStatic } from "../quantize.static.ts";
import { opTypes } from "../testing/build.ts";
import { nodesOf } from "../testing/describe.ts";
import {
  counts,
  exact,
  expectSame,
  faulty,
  fromRanges,
  goldenFolder,
  goldenModel,
  optionsOf,
  sourceOf,
  type Variant,
} from "./testing/golden.ts";
import { cosineOn, mnistCalibration } from "./testing/mnist.ts";

const mnist = sharedData("data/datasets/mnist");

describe.skipIf(goldenFolder === undefined)("the graph equals ONNX Runtime 1.27.1's, from its ranges", () => {
  it.each(exact)("$title", (variant) => {
    expectSame(fromRanges(variant), goldenModel(variant.file));
  });

  it("covers every variant that the engine offers", () => {
    console.log(
      `static quantisation: ${exact.length} golden variants compared, ${faulty.length} with faults, ${counts.foreign} of types not offered`,
    );
    expect(exact.length + faulty.length + counts.foreign).toBe(counts.all);
    expect(exact.length).toBeGreaterThanOrEqual(45);
  });
});

/** The random inputs of the other models are not at hand. */
const calibrated = exact.filter(
  ({ name, variant }) => !name.startsWith("torch") && !/_opset13$/.test(variant),
);

describe.skipIf(goldenFolder === undefined || mnist === undefined)(
  "the whole step equals ONNX Runtime 1.27.1's, calibration included",
  () => {
    it.each(calibrated)("$title", async (variant) => {
      const model = sourceOf(variant);
      const context = { ...silent, load: loadExecutable, calibration: mnistCalibration(100) };
      await quantizeStatic(model, optionsOf(variant), context);
      expectSame(model, goldenModel(variant.file));
    });
  },
);

describe.skipIf(goldenFolder === undefined || mnist === undefined)(
  "faults of ONNX Runtime's quantiser are not copied",
  () => {
    const perChannel = faulty.filter(({ variant }) => variant.includes("_pc"));
    const sameAs = (variant: Variant) => exact.find(({ title }) => title === `${variant.title}_opset13`);

    it.each(perChannel)("$title: the opset is raised, and it loads", async (variant) => {
      const model = fromRanges(variant);
      expect(model.opsetImport[0]?.version).toBe(13);
      const twin = sameAs(variant);
      // Softmax changed its default axis with opset 13; the other nodes are those of the model that was raised before.
      const plain = (from: typeof model) => nodesOf(from.graph).filter(({ op }) => op !== ":Softmax");
      if (twin !== undefined) expect(plain(model)).toEqual(plain(goldenModel(twin.file)));
      expect(await cosineOn(mnistCalibration(100), sourceOf(variant), model)).toBeGreaterThan(0.99);
    });

    it.each(faulty.filter(({ variant }) => variant.includes("calibsym")))(
      "$title: Relu stays where the range would not clip",
      async (variant) => {
        const model = fromRanges(variant);
        expect(opTypes(model.graph).filter((op) => op === "Relu").length).toBeGreaterThan(0);
        const images = mnistCalibration(100);
        expect(await cosineOn(images, sourceOf(variant), model)).toBeGreaterThan(0.99);
        expect(await cosineOn(images, sourceOf(variant), goldenModel(variant.file))).toBeLessThan(0.9);
      },
    );
  },
);

it("needs data", async () => {
  const model = exact[0] === undefined ? undefined : sourceOf(exact[0]);
  if (model === undefined) return;
  const options = optionsOf({ options: {} });
  const { changed, skipped } = await quantizeStatic(model, options, { ...silent, ...noTools });
  expect(changed).toEqual([]);
  expect(english(skipped[0]?.reason ?? "")).toContain("data to calibrate on");
});
