import { randomStream } from "#engine/evaluate/statistics/random.ts";

/** Mixes seed and epoch into one seed: 2³² divided by the golden ratio keeps neighbours apart. */
const epochStep = 0x9e37_79b1;

/**
 * The order in which an epoch visits the rows: a permutation that follows from seed and epoch alone, so that a training
 * which resumes in the middle goes on with the same batches.
 */
export function epochOrder(rows: Uint32Array, seed: number, epoch: number): Uint32Array {
  const order = rows.slice();
  const random = randomStream((seed + Math.imul(epoch + 1, epochStep)) | 0);
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    const kept = order[at]!;
    order[at] = order[other]!;
    order[other] = kept;
  }
  return order;
}

/** Batches of one epoch: whole ones only, so that the graph's batch is filled with different rows. */
export function batchesPerEpoch(rows: number, batch: number): number {
  return Math.floor(rows / batch);
}
