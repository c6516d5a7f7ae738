import fc from "fast-check";
import { broadcastDims } from "../operand.ts";

export const seeds = fc.integer({ min: 1, max: 2 ** 30 });

/** Shapes of a few axes and few elements. */
export function shapes(minRank = 0, maxRank = 4, maxDim = 4): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: maxDim }), { minLength: minRank, maxLength: maxRank });
}

/** Two shapes that broadcast to one: axes of size 1 and missing axes on either side. */
export const broadcastPairs: fc.Arbitrary<[number[], number[]]> = fc
  .tuple(
    shapes(),
    fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 4, maxLength: 4 }),
    fc.nat(4),
    fc.nat(4),
  )
  .map(([dims, ones, cutA, cutB]) => {
    const side = (which: 0 | 1, cut: number) =>
      dims.map((dim, axis) => (ones[axis]?.[which] ? 1 : dim)).slice(Math.min(cut, dims.length));
    const [a, b] = [side(0, cutA), side(1, cutB)];
    return broadcastDims(a, b).length === 0 ? [[2], [1]] : [a, b];
  });
