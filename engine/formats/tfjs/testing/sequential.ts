import * as tf from "@tensorflow/tfjs";

type Layer = Parameters<tf.Sequential["add"]>[0];

/** The layers one after the other, behind an input of this shape (without the batch). */
export function chain(shape: (number | null)[], ...layers: Layer[]): tf.LayersModel {
  const input = tf.input({ shape });
  let value: tf.SymbolicTensor | tf.SymbolicTensor[] = input;
  for (const layer of layers) value = symbolic(layer.apply(value));
  return tf.model({ inputs: input, outputs: value });
}

/** What a layer gives when it is applied to a symbolic value. */
export function symbolic(
  result: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
): tf.SymbolicTensor | tf.SymbolicTensor[] {
  const found = [result].flat().map((one) => {
    if (one instanceof tf.SymbolicTensor) return one;
    throw new Error("not symbolic");
  });
  const [first] = found;
  return found.length === 1 && first !== undefined ? first : found;
}

/** The only value of a layer. */
export function value(layer: Layer, input: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor {
  const result = symbolic(layer.apply(input));
  if (Array.isArray(result)) throw new Error("more than one value");
  return result;
}
