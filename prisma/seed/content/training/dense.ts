import type { Random } from "../numeric/random.ts";
import { type Parameter, parameter } from "./parameter.ts";

/** y = x·W + b for one sample: x has `inputs` values, W is [inputs, outputs], b is [outputs]. */
export interface Dense {
  inputs: number;
  outputs: number;
  weight: Parameter;
  bias: Parameter;
  /** The result of the latest `forward`. */
  y: Float64Array;
  /** Set by the caller before `backward`: the gradient of the loss for y. */
  dy: Float64Array;
}

/** A dense layer with He initialisation (deviation √(2 / inputs)) and zero biases. */
export function dense(name: string, inputs: number, outputs: number, random: Random): Dense {
  return {
    inputs,
    outputs,
    weight: parameter(`${name}.weight`, [inputs, outputs], Math.sqrt(2 / inputs), random),
    bias: parameter(`${name}.bias`, [outputs], 0, random),
    y: new Float64Array(outputs),
    dy: new Float64Array(outputs),
  };
}

/** Zero inputs are skipped: images and the outputs of Relu are mostly zero. */
export function forward(layer: Dense, x: Float64Array, relu: boolean): void {
  const { y, outputs } = layer;
  const weight = layer.weight.value;
  y.set(layer.bias.value);
  for (let i = 0; i < layer.inputs; i++) {
    const xi = x[i]!;
    if (xi === 0) continue;
    const row = i * outputs;
    for (let j = 0; j < outputs; j++) y[j]! += xi * weight[row + j]!;
  }
  if (relu) for (let j = 0; j < outputs; j++) if (y[j]! < 0) y[j] = 0;
}

/**
 * Adds dW = xᵀ·dy and db = dy; fills dx = dy·Wᵀ where it is wanted.
 *
 * @param relu whether `forward` applied Relu: dy is then masked by y > 0
 */
export function backward(layer: Dense, x: Float64Array, relu: boolean, dx?: Float64Array): void {
  const { y, dy, outputs } = layer;
  const weight = layer.weight.value;
  const gradient = layer.weight.gradient;
  const bias = layer.bias.gradient;
  for (let j = 0; j < outputs; j++) {
    if (relu && y[j] === 0) dy[j] = 0;
    bias[j]! += dy[j]!;
  }
  for (let i = 0; i < layer.inputs; i++) {
    const row = i * outputs;
    const xi = x[i]!;
    if (xi !== 0) for (let j = 0; j < outputs; j++) gradient[row + j]! += xi * dy[j]!;
    if (dx !== undefined) {
      let sum = 0;
      for (let j = 0; j < outputs; j++) sum += weight[row + j]! * dy[j]!;
      dx[i] = sum;
    }
  }
}
