import type { NdArray } from "./array.ts";
import type { RuleCase } from "./case.ts";

/** A float64 implementation of an operator, written for clarity. */
export type Reference = (inputs: readonly (NdArray | null)[], rule: RuleCase) => readonly NdArray[];

/** Small beside the distances of the values of `spread`, large beside the roundings of float64. */
const step = 1e-5;

/** Central differences of Σ upstream · outputs in float64, element by element. */
export function finiteDifferences(
  reference: Reference,
  rule: RuleCase,
  upstream: readonly NdArray[],
): Map<number, Float64Array> {
  const loss = (inputs: readonly (NdArray | null)[]) => {
    const outputs = reference(inputs, rule);
    return outputs.reduce(
      (sum, { data }, at) =>
        sum + data.reduce((part, value, k) => part + value * (upstream[at]?.data[k] ?? 0), 0),
      0,
    );
  };
  const found = new Map<number, Float64Array>();
  for (const position of rule.wanted) {
    const input = rule.inputs[position];
    if (!input) continue;
    const moved = (at: number, by: number) =>
      loss(
        rule.inputs.map((other, index) => {
          if (index !== position || other === null) return other;
          const data = other.data.slice();
          data[at] = (data[at] ?? 0) + by;
          return { dims: other.dims, data };
        }),
      );
    found.set(
      position,
      input.data.map((_, at) => (moved(at, step) - moved(at, -step)) / (2 * step)),
    );
  }
  return found;
}
