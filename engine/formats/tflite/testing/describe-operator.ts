import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementsOf } from "../writer/constants.ts";
import { type Comparison, compareModel, relativeError, steps } from "./compare.ts";
import { caseModel, type Form, type OperatorCase } from "./operator-case.ts";

export interface Expected extends Comparison {
  /** Default float32 and int8. */
  readonly forms?: readonly Form[];
  /** Largest difference in steps of the integers; default 1: the two runtimes round halves differently. */
  readonly steps?: number;
  /** Largest relative difference of float32; default 10⁻⁵. */
  readonly float?: number;
  readonly runs?: number;
}

/** Compares ONNX Runtime on the converted operator with LiteRT on the file, 16 seeded inputs for each random case. */
export function describeOperator(
  name: string,
  cases: fc.Arbitrary<Omit<OperatorCase, "name" | "seed">>,
  { forms = ["float32", "int8"], steps: bound = 1, float = 1e-5, runs = 12, ...how }: Expected = {},
): void {
  const [operator = name] = name.split(" ");
  describe(name, () => {
    it.each(forms)(
      "%s",
      async (form) => {
        const values = form === "hybrid" ? twoValues : undefined;
        await fc.assert(
          fc.asyncProperty(cases, fc.nat(1000), async (given, seed) => {
            const model = caseModel({ name: operator, seed, ...given }, form);
            const compared = await compareModel(model, { seed, values, ...how });
            if (form === "float32" || form === "hybrid")
              expect(relativeError(compared)).toBeLessThanOrEqual(float);
            else expect(steps(compared).largest).toBeLessThanOrEqual(bound);
          }),
          { numRuns: runs, seed: 11 },
        );
      },
      60_000,
    );
  });
}

/**
 * Beside int8 weights LiteRT rounds activations to 8 bits, over the image or over a row, to the steps between 0 and the
 * largest value; the conversion does not round. Of two values, 0 and one other, nothing is lost: both compute the same.
 */
const twoValues: NonNullable<Comparison["values"]> = ({ shape }, random) =>
  new Uint8Array(Float32Array.from({ length: elementsOf(shape) }, () => 255 * random.below(2)).buffer);

/** Small dimensions. */
export const size = (least = 1, most = 5) => fc.integer({ min: least, max: most });

/** A shape with the batch in front. */
export const shapes = (least = 1, most = 4) =>
  fc.array(size(), { minLength: least - 1, maxLength: most - 1 }).map((rest) => [1, ...rest]);

/** A shape of any first dimension. */
export const anyShapes = (least = 1, most = 4) => fc.array(size(), { minLength: least, maxLength: most });
