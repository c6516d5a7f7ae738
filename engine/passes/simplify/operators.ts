/** Operators whose result is another at each run. */
const random = new Set([
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
  "Multinomial",
  "Bernoulli",
]);

/** Operators that hold a model's quantisation: computing them beforehand would undo it. */
const quantization = new Set(["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear"]);

/** Dropout is random where it trains, which from opset 12 on an input says. */
export function isDeterministic(opType: string): boolean {
  return !random.has(opType) && opType !== "Dropout";
}

export function isComputable(opType: string): boolean {
  return isDeterministic(opType) && !quantization.has(opType) && opType !== "Constant";
}
