/** What several techniques say. */
export const words = {
  alreadyQuantized: "the model is quantised already",
  needsData: "it needs data to calibrate on, and none was given",
  protectedByName: "protected by name",
  protectedByNode: "protected by the name of a node that reads it",
  unknownProtect: '"protect" names "{name}", which the model does not have',
  notFinite: "it holds values that are not finite",
  defaultsGone: "Inputs that held the defaults of weights are gone: {names}",
  noWeights: "it has no weights of MatMul, Gemm, Conv, LSTM, GRU, RNN or Gather",
  needsOpset: "it needs opset {needed, number} and the model has {from, number}. {error}",
  node: '{op} "{name}"',
  nodeMaking: '{op} that makes "{output}"',
  items: '{count, plural, one {# item} other {# items}} of the {split} split of "{dataset}"',
  firstItems: "{count, number} of {items}",
  madeUp: "{count, number} made-up inputs, seed {seed}",
  error: "{text}",
} as const;
