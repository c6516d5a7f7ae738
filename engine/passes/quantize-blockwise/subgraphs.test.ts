import { afterAll, describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import { validateModel } from "#engine/graph/validate.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import type { CalibrationData } from "../pass.ts";
import { quantizeBlockwiseSchema } from "../quantize.blockwise.schema.ts";
import { quantizeBlockwise } from "../quantize.blockwise.ts";
import { calibrating } from "../testing/calibration.ts";
import { Comparer } from "../testing/compare.ts";
import { controlFlow, controlFlowItems, reached } from "../testing/control-flow.ts";
import { tensorText } from "../testing/describe.ts";
import { inEnglish } from "../testing/in-english.ts";
import { turnsOf } from "../testing/turns.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function quantize(source: Model, calibration: CalibrationData, options: object = {}) {
  const changed = cloneStructure(source);
  const step = quantizeBlockwiseSchema.parse({
    use: "quantize.blockwise",
    block_size: 16,
    accuracy_level: 1,
    algorithm: "gptq",
    ...options,
  });
  return { result: inEnglish(await quantizeBlockwise(changed, step, calibrating(calibration))), changed };
}

/** Integers and scales of a quantised weight, wherever it stands. */
function blocksOf(source: Model, name: string): string[] {
  const tensors = indexModel(source).scopes.flatMap((scope) => scope.graph?.initializer ?? []);
  return tensors.filter((one) => one.name?.startsWith(`${name}_`)).map(tensorText);
}

/** Share of the bytes of "w" in which two models differ: sums in float32 depend on their order. */
function differing(one: Model, other: Model): number {
  const [a, b] = [one, other].map((made) => {
    const tensors = indexModel(made).scopes.flatMap((scope) => scope.graph?.initializer ?? []);
    return readTensor(tensors.find(({ name }) => name === "w_Q4") as Tensor) as Uint8Array;
  }) as [Uint8Array, Uint8Array];
  return a.filter((byte, at) => byte !== b[at]).length / a.length;
}

const width = 32;

describe("GPTQ of weights in If, Loop and Scan", () => {
  const source = controlFlow(width);

  it("looks at what they meet, but for a branch that no item takes", async () => {
    const items = controlFlowItems(width, 6);
    const { result, changed } = await quantize(source, items);
    const how = result.changed.map(({ what }) => [
      /"(\w+)"/.exec(what)?.[1] ?? "",
      what.split(", ").slice(3).join(),
    ]);
    expect(Object.fromEntries(how)).toEqual({
      ...Object.fromEntries(reached.map((name) => [name, "GPTQ"])),
      never_w: 'rounded to nearest,since no calibration item reaches it,in graph 1 of If "n_y"',
    });
    validateModel(changed);
    const nearest = await quantize(source, items, { algorithm: "rtn" });
    for (const name of reached) expect(blocksOf(changed, name)).not.toEqual(blocksOf(nearest.changed, name));
    for (const range of [
      [-1, 1.4],
      [-1.4, 1],
    ] as [number, number][]) {
      const { error, outputs } = await comparer.compare(source, changed, { ranges: { x: range } });
      expect(error).toBeUndefined();
      for (const { cosine } of outputs) expect(cosine).toBeGreaterThan(0.9);
    }
  });

  it("counts every turn of a Loop, as the same nodes one after another would", async () => {
    const { looped, unrolled } = turnsOf(width);
    const items = controlFlowItems(width, 4);
    const [one, other] = [await quantize(looped, items), await quantize(unrolled(), items)];
    expect(differing(one.changed, other.changed)).toBeLessThan(0.01);
    const once = await quantize(unrolled(1), items);
    // The first turn alone rounds many weights another way.
    expect(differing(one.changed, once.changed)).toBeGreaterThan(0.1);
  });
});
