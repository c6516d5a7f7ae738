import type { Random } from "../numeric/random.ts";
import type { Parameter } from "./parameter.ts";

/** A model that can be trained sample by sample. */
export interface Trainable {
  parameters: Parameter[];
  /** Adds the gradient of one training sample's loss to the parameters' gradients and returns that loss. */
  accumulate(sample: number): number;
}

export interface MinimiseOptions {
  epochs: number;
  batch: number;
  /** Learning rate at the start; it falls linearly to zero over all steps. */
  rate: number;
  /** Decoupled weight decay, as a fraction per step of learning rate 1. */
  decay: number;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Mini-batch Adam with decoupled weight decay and a linearly falling learning rate (Kingma and Ba, 2015,
 * algorithm 1; Loshchilov and Hutter, 2019). Every operation is exact IEEE 754 arithmetic in a fixed order, so the
 * weights are the same, bit for bit, for the same seed.
 *
 * @param count number of training samples
 * @param onEpoch receives the mean loss of each epoch
 */
export function minimise(
  model: Trainable,
  count: number,
  options: MinimiseOptions,
  random: Random,
  onEpoch?: (epoch: number, loss: number) => void,
): void {
  const order = Array.from({ length: count }, (_, i) => i);
  const steps = options.epochs * Math.ceil(count / options.batch);
  let step = 0;
  let power1 = 1;
  let power2 = 1;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    random.shuffle(order);
    let loss = 0;
    for (let start = 0; start < count; start += options.batch) {
      const batch = order.slice(start, start + options.batch);
      for (const sample of batch) loss += model.accumulate(sample);
      power1 *= BETA1;
      power2 *= BETA2;
      const rate = options.rate * (1 - step / steps);
      for (const parameter of model.parameters) {
        update(parameter, 1 / batch.length, rate, options.decay, 1 - power1, 1 - power2);
      }
      step++;
    }
    onEpoch?.(epoch + 1, loss / count);
  }
}

/** One step of Adam for one parameter; clears its gradient. */
function update(
  { value, gradient, mean, variance }: Parameter,
  scale: number,
  rate: number,
  decay: number,
  correction1: number,
  correction2: number,
): void {
  for (let i = 0; i < value.length; i++) {
    const g = gradient[i]! * scale;
    const m = BETA1 * mean[i]! + (1 - BETA1) * g;
    const v = BETA2 * variance[i]! + (1 - BETA2) * g * g;
    mean[i] = m;
    variance[i] = v;
    const direction = m / correction1 / (Math.sqrt(v / correction2) + EPSILON);
    value[i] = value[i]! - rate * (direction + decay * value[i]!);
    gradient[i] = 0;
  }
}
