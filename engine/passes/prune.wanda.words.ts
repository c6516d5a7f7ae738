export const words = {
  noItems: "there are no calibration items",
  inputsNotFinite: "its inputs are not finite on the calibration items",
  lessThanOne: "the share of its inputs to prune is less than one",
  notObserved: "its input cannot be observed",
  otherOperator: "its score is defined for MatMul, Gemm and Conv, and {node} reads it",
  innerReader: "a subgraph or function reads it, whose inner values are not observed",
  differentKinds: "nodes of different kinds share it",
  differentGroups: "convolutions of different groups share it",
  byConstant: "{node} multiplies it by a constant",
  stack: "it is a stack of matrices, which meet different inputs",
  oddGroups: "its outputs cannot be cut into the groups of its Conv",
  unfit: "the input of {node} does not fit it",
} as const;
