import * as tf from "@tensorflow/tfjs";
import type { NdArray } from "./array.ts";
import type { RuleCase } from "./case.ts";

/** An operator in TensorFlow.js: its outputs from tensors of the float inputs and arrays of the others. */
export type TensorFlowForward = (inputs: readonly tf.Tensor[], rule: RuleCase) => readonly tf.Tensor[];

/** Gradients of the wanted inputs by TensorFlow.js's own differentiation, in plain JavaScript and float32. */
export async function tensorFlowGradients(
  forward: TensorFlowForward,
  rule: RuleCase,
  upstream: readonly NdArray[],
): Promise<Map<number, Float64Array>> {
  await tf.setBackend("cpu");
  const tensors = rule.inputs.map((input) =>
    input === null ? tf.scalar(0) : tf.tensor(Float32Array.from(input.data), [...input.dims]),
  );
  const wanted = rule.wanted.map((position) => tensors[position] ?? tf.scalar(0));
  const loss = (...moving: tf.Tensor[]) => {
    const all = tensors.map((tensor, position) => moving[rule.wanted.indexOf(position)] ?? tensor);
    const terms = forward(all, rule).map((output, at) => {
      const seed = upstream[at];
      return tf.sum(tf.mul(output, tf.tensor(Float32Array.from(seed?.data ?? []), [...(seed?.dims ?? [])])));
    });
    return tf.addN(terms) as tf.Scalar;
  };
  const found = tf.tidy(() => tf.grads(loss)(wanted));
  const result = new Map(
    found.map((gradient, at) => [rule.wanted[at] ?? 0, Float64Array.from(gradient.dataSync())]),
  );
  tf.dispose([...tensors, ...found]);
  return result;
}
