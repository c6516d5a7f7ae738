import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdArray } from "./array.ts";
import { type RuleCheck, randomSeed, shapesChecked } from "./check.ts";
import { finiteDifferences } from "./finite.ts";
import { runGradients, upstreamOf } from "./run.ts";
import { tensorFlowGradients } from "./tensorflow.ts";
import { torchVectors } from "./torch.ts";

/** Of the largest value, or of 1: float32 sums of some hundred terms. */
const tolerance = 2e-4;

/**
 * Checks a rule on random shapes: outputs and gradients in ONNX Runtime against the float64 reference and its finite
 * differences, and against an implementation by others.
 */
export function describeRule({ name, cases, reference, tensorflow, prepare, opset = 18 }: RuleCheck): void {
  describe(`gradient of ${name}`, () => {
    it("equals finite differences in float64, and that of others", { timeout: 60_000 }, async () => {
      let checked = 0;
      await fc.assert(
        fc.asyncProperty(cases, async (rule) => {
          const expected = reference(rule.inputs, rule);
          const upstream = upstreamOf(rule, expected);
          const { outputs, gradients } = await runGradients(rule, expected, opset, prepare);
          outputs.forEach((output, at) => {
            expectClose(output, expected[at]?.data, `output ${at}`);
          });
          for (const [position, gradient] of finiteDifferences(reference, rule, upstream)) {
            expectClose(gradients.get(position), gradient, `gradient of input ${position}`);
          }
          if (tensorflow !== undefined) {
            const theirs = await tensorFlowGradients(tensorflow, rule, upstream);
            for (const [position, gradient] of theirs)
              expectClose(gradients.get(position), gradient, `TensorFlow.js: input ${position}`);
          }
          checked++;
        }),
        { numRuns: shapesChecked, seed: randomSeed },
      );
      const beside = tensorflow === undefined ? "" : " and TensorFlow.js";
      console.info(`${name}: ${checked} random shapes against finite differences${beside}`);
    });
    if (tensorflow === undefined) {
      it("equals PyTorch's", { timeout: 60_000 }, async () => {
        const vectors = torchVectors(name);
        for (const { rule, gradients: theirs } of vectors) {
          const { gradients } = await runGradients(rule, reference(rule.inputs, rule), opset, prepare);
          for (const [position, gradient] of theirs)
            expectClose(gradients.get(position), gradient, `PyTorch: input ${position}`);
        }
        expect(vectors.length).toBeGreaterThanOrEqual(shapesChecked);
        console.info(`${name}: ${vectors.length} random shapes against PyTorch`);
      });
    }
  });
}

function expectClose(found: NdArray | undefined, expected: Float64Array | undefined, what: string): void {
  if (found === undefined || expected === undefined) throw new Error(`${what} is missing`);
  expect(found.data.length, what).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  found.data.forEach((value, at) => {
    const gap = Math.abs(value - (expected[at] ?? 0));
    if (!(gap <= tolerance * largest)) {
      throw new Error(`${what}, element ${at}: ${value} instead of ${expected[at]}`);
    }
  });
}
