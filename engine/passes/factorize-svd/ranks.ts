import type { DType } from "#engine/onnx/dtypes.ts";

/** Largest relative error of rounding to the type. */
export const roundoff: Partial<Record<DType, number>> = { float32: 2 ** -24, float16: 2 ** -11 };

/** Sums of the entries from i on, added from the smallest up; one more entry than there are energies, the last is 0. */
export function tails(energies: Float64Array): Float64Array {
  const out = new Float64Array(energies.length + 1);
  for (let at = energies.length - 1; at >= 0; at--) out[at] = out[at + 1]! + energies[at]!;
  return out;
}

/**
 * Number of singular values that are more than noise: above the floor of a Gram matrix in float64 (see `LowRank`),
 * and with a tail that the rounding of the stored weights could not have made. At least 1.
 */
export function numericalRank(energies: Float64Array, unit: number): number {
  const floor = 4 * energies.length * Number.EPSILON * (energies[0] ?? 0);
  let above = energies.length;
  while (above > 1 && energies[above - 1]! <= floor) above--;
  return Math.min(above, rankWithin(energies, unit * unit));
}

/** Smallest rank whose tail is at most this share of all energy. At least 1. */
export function rankWithin(energies: Float64Array, share: number): number {
  const rest = tails(energies);
  const allowed = share * (rest[0] ?? 0);
  let rank = energies.length;
  while (rank > 1 && rest[rank - 1]! <= allowed) rank--;
  return rank;
}

/** The rank that the options ask of one layer; noise is never kept. */
export function chooseRank(
  energies: Float64Array,
  unit: number,
  wish: { rank: number } | { energy: number },
): number {
  const wanted = "rank" in wish ? wish.rank : rankWithin(energies, 1 - wish.energy);
  return Math.min(wanted, numericalRank(energies, unit));
}
