import { tails } from "./ranks.ts";

/** What the allotment must know of a layer. */
export interface Candidate {
  readonly energies: Float64Array;
  /** Parameters of the weight as it is. */
  readonly count: number;
  readonly perRank: number;
  readonly mostRank: number;
}

interface Move {
  readonly layer: number;
  readonly rank: number;
  readonly saved: number;
  /** Share of the layer's energy that goes for each parameter saved. */
  readonly price: number;
}

/**
 * Ranks under a budget: of all possible reductions the one that loses the least energy per parameter saved goes
 * first, until enough is saved. Energy is counted as a share of the layer's own, so that scale does not decide. The
 * first move of a layer is from the whole weight to the rank at which the loss per parameter is least (there is
 * nothing to save just below full rank), further moves take one rank each: the lower convex hull of loss over saving,
 * on which the greedy choice is optimal for every saving that it passes.
 *
 * @param toSave parameters
 * @returns rank by layer, undefined where a layer stays whole; or how many parameters can be saved at most
 */
export function allotRanks(
  layers: readonly Candidate[],
  toSave: number,
): { ranks: (number | undefined)[] } | { most: number } {
  const moves = layers.flatMap(movesOf);
  // Stable: equal prices keep the order of layers and, within one, of ranks.
  moves.sort((a, b) => a.price - b.price);
  const ranks: (number | undefined)[] = layers.map(() => undefined);
  let saved = 0;
  for (const { layer, rank, saved: gain } of moves) {
    if (saved >= toSave) break;
    ranks[layer] = rank;
    saved += gain;
  }
  return saved >= toSave ? { ranks } : { most: saved };
}

function movesOf({ energies, count, perRank, mostRank }: Candidate, layer: number): Move[] {
  const rest = tails(energies);
  const total = rest[0] ?? 0;
  if (mostRank < 1 || total <= 0) return [];
  const lossAt = (rank: number) => (rest[rank] ?? 0) / total;
  const savedAt = (rank: number) => count - rank * perRank;
  let start = mostRank;
  for (let rank = mostRank - 1; rank >= 1; rank--) {
    if (lossAt(rank) * savedAt(start) < lossAt(start) * savedAt(rank)) start = rank;
  }
  let price = lossAt(start) / savedAt(start);
  const moves: Move[] = [{ layer, rank: start, saved: savedAt(start), price }];
  for (let rank = start - 1; rank >= 1; rank--) {
    // Rising by convexity; rounding must not put a later move before an earlier one.
    price = Math.max(price, (energies[rank] ?? 0) / total / perRank);
    moves.push({ layer, rank, saved: perRank, price });
  }
  return moves;
}
