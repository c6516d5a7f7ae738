export const words = {
  oneItem: "It takes one item at a time: {place} does not treat the items of a batch each by itself",
  otherSubgraphs: "Subgraphs beside the first are left out: {count, number}",
  state: "{place}: its state begins at zero in every run, and is not kept for the next",
  floatWeights: "Weights of float16 became float32, as TensorFlow Lite computes with them: {count, number}",
  hybrid:
    "Weights in integers beside activations in float32: {count, number}. TensorFlow Lite rounds such activations to 8 bits while it runs, here they are not rounded",
} as const;
