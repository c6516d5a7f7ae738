/** What all techniques say that make single weights zero. */
export const words = {
  zeros:
    "{zeros, number} of {count, number} prunable weights are zero (sparsity {sparsity, number, ::.000000})",
  unchanged:
    "{reason}: {zeros, number} of {count, number} prunable weights are zero (sparsity {sparsity, number, ::.000000})",
  alreadyZero: "the values to prune are zero already",
  aboveThreshold: "all its values are above the threshold",
  zerosAlone:
    "Zeros alone neither shrink an uncompressed file nor speed a model up: the gain is in the encoded size.",
  otherType: "its type is {type}; only float32 and float16 weights are changed",
  otherUse: "{node} reads it as something else than a weight",
  empty: "it is empty",
  noSum: "{node} sums no products along an axis of it",
  movesAxes: "{node} moves its axes about",
  differentAxes: "the nodes that share it sum along different axes of it",
  notRead: "nothing reads it",
  notAmongLargest: "only the {count, number} largest tensors were scanned",
} as const;
