import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { type Attribute, attributeType } from "#engine/onnx/model.ts";
import { maxUnrolledSteps, unrollRecurrent } from "../../prepare/recurrent.ts";
import { constants, type RuleCase, spread } from "../testing/case.ts";
import { recurrentChecks } from "../testing/cases/recurrent.ts";
import { randomSeed, shapesChecked } from "../testing/check.ts";
import { describeRule } from "../testing/describe-rule.ts";
import { modelOf, runModel } from "../testing/run.ts";

for (const check of recurrentChecks) describeRule(check);

describe.each(recurrentChecks)("$name by its steps", ({ name, cases }) => {
  it("is what ONNX Runtime's own operator is", async () => {
    for (const rule of fc.sample(cases, { numRuns: shapesChecked, seed: randomSeed })) {
      const own = await runModel(modelOf(rule, 18), rule);
      const unrolled = modelOf(rule, 18);
      unrollRecurrent(unrolled, new Map());
      expect(unrolled.graph.node.some(({ opType }) => opType === name)).toBe(false);
      const steps = await runModel(unrolled, rule);
      expect(steps.length).toBe(rule.outputs);
      steps.forEach(({ dims, data }, at) => {
        expect(dims).toEqual(own[at]?.dims);
        data.forEach((value, k) => {
          expect(Math.abs(value - (own[at]?.data[k] ?? Number.NaN))).toBeLessThan(1e-5);
        });
      });
    }
  });
});

describe("what recurrent layers are not trained as", () => {
  const lstm = (attributes: Attribute[], lengths?: number[], steps = 2, peepholes = false): RuleCase => ({
    opType: "LSTM",
    inputs: [
      spread([steps, 1, 1], 1),
      spread([1, 4, 1], 2),
      spread([1, 4, 1], 3),
      null,
      lengths === undefined ? null : constants(lengths),
      null,
      null,
      ...(peepholes ? [spread([1, 3], 4)] : []),
    ],
    attributes: [makeInt("hidden_size", 1), ...attributes],
    outputs: 1,
    wanted: [],
    seed: 1,
  });
  const names = (...values: string[]): Attribute => ({
    name: "activations",
    strings: values.map((value) => new TextEncoder().encode(value)),
    type: attributeType.strings,
  });
  const unroll = (rule: RuleCase) => unrollRecurrent(modelOf(rule, 18), new Map());

  it.each([
    ["its activations are not Sigmoid, Tanh, Tanh", lstm([names("Sigmoid", "Relu", "Tanh")])],
    ["it clips its values", lstm([makeFloat("clip", 1)])],
    ["layout is not 0", lstm([makeInt("layout", 1)])],
    ["input_forget is not 0", lstm([makeInt("input_forget", 1)])],
    ["it has peepholes", lstm([], undefined, 2, true)],
    ["its sequences have lengths of their own", lstm([], [1])],
    [`training unrolls at most ${maxUnrolledSteps}`, lstm([], undefined, maxUnrolledSteps + 1)],
  ])("refuses: %s", (reason, rule) => {
    expect(() => unroll(rule)).toThrow(reason);
  });

  it("takes the default activations by name, and lengths that are all of the sequence", () => {
    expect(unroll(lstm([names("sigmoid", "tanh", "tanh")], [2]))).toBe(2);
  });
});
