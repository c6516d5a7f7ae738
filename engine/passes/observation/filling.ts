import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";

/**
 * What a value was for items of the data: a fixed batch is filled up with copies of its last item, which a loop over
 * the batch takes last. A loop with as many turns as the batch has places is taken to be one over the batch, unless
 * the batch is an axis of what it computes.
 *
 * @param tensors a value each time that it was computed
 */
export function withoutFilledTurns(
  tensors: readonly HostTensor[],
  { size, rows }: FeedBatch,
): readonly HostTensor[] {
  const isTurn =
    tensors.length > 1 && tensors.length === size && tensors.every(({ dims }) => dims[0] !== size);
  return isTurn ? tensors.slice(0, rows.length) : tensors;
}
