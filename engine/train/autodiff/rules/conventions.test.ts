import { describe, expect, it } from "vitest";
import { makeInt } from "#engine/onnx/attributes.ts";
import type { Attribute } from "#engine/onnx/model.ts";
import { array, type NdArray } from "../testing/array.ts";
import { type CaseInput, constants, type RuleCase } from "../testing/case.ts";
import { runGradients, upstreamOf } from "../testing/run.ts";

function floats(values: readonly number[], dims: readonly number[] = [values.length]): CaseInput {
  return { dims, data: Float64Array.from(values), dtype: "float32", isConstant: false };
}

/** Gradients as multiples of the one gradient of the output, or of the gradient at the same place. */
async function slopes(
  opType: string,
  inputs: readonly CaseInput[],
  outputDims: readonly number[],
  attributes: Attribute[] = [],
): Promise<number[][]> {
  const wanted = inputs.flatMap(({ isConstant }, at) => (isConstant ? [] : [at]));
  const rule: RuleCase = { opType, inputs, attributes, outputs: 1, wanted, seed: 7 };
  const expected: NdArray[] = [array(outputDims)];
  const { gradients } = await runGradients(rule, expected, 18);
  const upstream = upstreamOf(rule, expected)[0]?.data ?? [];
  return wanted.map((at) =>
    [...(gradients.get(at)?.data ?? [])].map((value, place) => {
      const slope = value / (upstream.length === 1 ? (upstream[0] ?? 0) : (upstream[place] ?? 0));
      // Without a negative zero.
      return Math.round(slope * 1e5) / 1e5 + 0;
    }),
  );
}

describe("where a gradient is a matter of convention", () => {
  it("values that tie for an extreme share its gradient evenly", async () => {
    expect(await slopes("ReduceMax", [floats([3, 1, 3, 3])], [1])).toEqual([
      [1 / 3, 0, 1 / 3, 1 / 3].map((value) => Math.round(value * 1e5) / 1e5),
    ]);
    expect(await slopes("ReduceMin", [floats([3, 1, 1, 3])], [1])).toEqual([[0, 0.5, 0.5, 0]]);
  });

  it("a product with one zero moves with that factor alone, with two not at all", async () => {
    expect(await slopes("ReduceProd", [floats([2, 0, 3])], [1])).toEqual([[0, 6, 0]]);
    expect(await slopes("ReduceProd", [floats([0, 0, 3])], [1])).toEqual([[0, 0, 0]]);
    expect(await slopes("ReduceProd", [floats([0])], [1])).toEqual([[1]]);
  });

  it("a norm of zeros has no direction", async () => {
    expect(await slopes("ReduceL2", [floats([0, 0])], [1])).toEqual([[0, 0]]);
    expect(await slopes("ReduceL1", [floats([0, -2])], [1])).toEqual([[0, -1]]);
  });

  it("powers of zero and of negative numbers make no NaN", async () => {
    expect(await slopes("Pow", [floats([0, -2, 0, 2]), floats([2, 2, 0, 1])], [4])).toEqual([
      [0, -4, 0, 1],
      [0, 0, 0, Math.round(2 * Math.LN2 * 1e5) / 1e5],
    ]);
    expect(await slopes("Pow", [floats([0, -2]), constants([0], [])], [2])).toEqual([[0, 0]]);
  });

  it("of inputs that tie in Max or Min, the first gets the gradient", async () => {
    const [a, b] = [floats([1, 2, 3]), floats([1, 5, 3])];
    expect(await slopes("Max", [a, b], [3])).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect(await slopes("Min", [a, b, a], [3])).toEqual([
      [1, 1, 1],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it("values at a limit of Clip count as unchanged", async () => {
    const limits = [floats([-1], []), floats([1], [])].map((limit) => ({ ...limit, isConstant: true }));
    expect(await slopes("Clip", [floats([-2, -1, 0, 1, 2]), ...limits], [5])).toEqual([[0, 1, 1, 1, 0]]);
  });

  it("rectifiers are flat at zero", async () => {
    expect(await slopes("Relu", [floats([0, 1, -1])], [3])).toEqual([[0, 1, 0]]);
    expect(await slopes("LeakyRelu", [floats([0, 1, -1])], [3])).toEqual([[0.01, 1, 0.01]]);
    expect(await slopes("Abs", [floats([0, 1, -1])], [3])).toEqual([[0, 1, -1]]);
  });

  it("a single value is its own extreme", async () => {
    expect(await slopes("ReduceMax", [floats([5], [1, 1])], [1, 1], [makeInt("keepdims", 1)])).toEqual([[1]]);
  });
});
