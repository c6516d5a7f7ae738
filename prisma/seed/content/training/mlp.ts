import type { Random } from "../numeric/random.ts";
import { crossEntropy } from "./crossEntropy.ts";
import { backward, dense, forward } from "./dense.ts";
import type { Trainable } from "./minimise.ts";

export interface Mlp extends Trainable {
  /** Logits of one input vector; valid until the next call. */
  logits(x: Float64Array): Float64Array;
}

/**
 * A multilayer perceptron, Relu between the dense layers, trained by cross-entropy.
 *
 * @param widths inputs, hidden layers, classes
 * @param input writes the input vector of a training sample into `x`
 * @param label the class of a training sample
 */
export function mlp(
  widths: readonly number[],
  input: (sample: number, x: Float64Array) => void,
  label: (sample: number) => number,
  random: Random,
): Mlp {
  const layers = widths.slice(1).map((outputs, i) => dense(`dense${i + 1}`, widths[i]!, outputs, random));
  const last = layers.length - 1;
  const x = new Float64Array(widths[0]!);

  const run = (from: Float64Array) => {
    layers.forEach((layer, i) => {
      forward(layer, i === 0 ? from : layers[i - 1]!.y, i < last);
    });
    return layers[last]!.y;
  };

  return {
    parameters: layers.flatMap(({ weight, bias }) => [weight, bias]),
    logits: run,
    accumulate(sample) {
      input(sample, x);
      const probability = crossEntropy(run(x), label(sample), layers[last]!.dy);
      for (let i = last; i >= 0; i--) {
        const previous = layers[i - 1];
        backward(layers[i]!, previous?.y ?? x, i < last, previous?.dy);
      }
      return 1 - probability;
    },
  };
}
