import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { silent } from "../pass.ts";
import { quantizeStaticSchema } from "../quantize.static.schema.ts";
import { quantizeStatic } from "../quantize.static.ts";
import { Comparer } from "../testing/compare.ts";
import { loadModel } from "../testing/describe.ts";
import { executedOps, expected, known } from "./testing/kernels.ts";
import { randomCalibration } from "./testing/random.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

function bytes(model: Model): number {
  return encodeModel(model).reduce((sum, chunk) => sum + chunk.length, 0);
}

describe.skipIf(known.length === 0)("real models in integers", () => {
  for (const format of ["qdq", "qoperator"] as const) {
    it.each(known)(`${format}: $path`, async ({ path, options }) => {
      const source = loadModel(sharedData(path) ?? "");
      const model = cloneStructure(source);
      const { integer, cosine } = expected[path] ?? { integer: {}, cosine: 1 };
      const { dims, shapes, ranges } = options ?? {};
      const calibration = randomCalibration({ batches: 2, dims, shapes, ranges });
      const step = quantizeStaticSchema.parse({ use: "quantize.static", format });
      const result = await quantizeStatic(model, step, { ...silent, load: loadExecutable, calibration });
      expect(result.changed.length).toBeGreaterThan(1);
      if (!path.includes("traffic-classifier")) expect(bytes(model)).toBeLessThan(bytes(source));
      const { error, outputs } = await comparer.compare(source, model, options);
      expect(error).toBeUndefined();
      for (const output of outputs) {
        expect(output.finite).toBe(true);
        expect(output.cosine, output.name).toBeGreaterThan(cosine);
      }
      // What ONNX Runtime executes: no pair is left around a product that has an integer kernel.
      const executed = await executedOps(comparer.save(model));
      expect(executed).toMatchObject(integer);
      expect(executed.Conv ?? 0).toBe(0);
      expect(executed.Gemm ?? 0).toBe(0);
    });
  }

  it("covers the models that have weights to quantise", () => {
    console.log(`static quantisation: ${known.length} real models in two formats`);
    expect(known.length).toBe(Object.keys(expected).length);
  });

  it.each(["data/onnx/gonnx/gru.onnx", "data/onnx/gonnx/scaler.onnx"])(
    "%s has nothing to quantise",
    async (path) => {
      const model = cloneStructure(loadModel(sharedData(path) ?? ""));
      const step = quantizeStaticSchema.parse({ use: "quantize.static" });
      const context = { ...silent, load: loadExecutable, calibration: randomCalibration() };
      const { changed, skipped } = await quantizeStatic(model, step, context);
      expect(changed).toEqual([]);
      expect(english(skipped[0]?.reason ?? "")).toContain(
        "no node that can be quantised has a float32 weight",
      );
    },
  );
});
