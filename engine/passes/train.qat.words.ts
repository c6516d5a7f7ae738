/** What quantisation-aware training says. */
export const words = {
  accuracy:
    "accuracy on the tuning split: {float, number, ::percent .00} in float32, {before, number, ::percent .00} in integers before training, {after, number, ::percent .00} after",
  loss: "loss on the tuning split: {float, number, ::@##} in float32, {before, number, ::@##} in integers before training, {after, number, ::@##} after",
  scales:
    "{count, plural, one {# scale} other {# scales}} learned: they end at {least, number, ::@##} to {most, number, ::@##} times what calibration found",
  keptStart:
    "No epoch was better on the tuning split than the integers that calibration gave: the model is the one that static quantisation makes",
  inSubgraph: "it is in a subgraph, which is not trained",
} as const;
