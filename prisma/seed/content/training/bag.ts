import type { Random } from "../numeric/random.ts";
import { crossEntropy } from "./crossEntropy.ts";
import { backward, dense, forward } from "./dense.ts";
import type { Trainable } from "./minimise.ts";
import { parameter } from "./parameter.ts";

/** Index of the padding, which never counts. */
export const PADDING = 0;

export interface Bag extends Trainable {
  /** Logits of one text given as word indices, padding included or not; valid until the next call. */
  logits(ids: ArrayLike<number>): Float64Array;
}

/** Sizes of an embedding-bag classifier. */
export interface BagSizes {
  vocabulary: number;
  width: number;
  hidden: number;
  classes: number;
}

/**
 * An embedding-bag text classifier: the mean of the embeddings of a text's words, a hidden dense layer with Relu,
 * a dense layer; trained by cross-entropy.
 *
 * @param ids word indices of a training sample
 * @param label its class
 */
export function bag(
  sizes: BagSizes,
  ids: (sample: number) => ArrayLike<number>,
  label: (sample: number) => number,
  random: Random,
): Bag {
  const { width } = sizes;
  const table = parameter("embedding", [sizes.vocabulary, width], 0.25, random);
  table.value.fill(0, PADDING * width, (PADDING + 1) * width);
  const hidden = dense("hidden", width, sizes.hidden, random);
  const output = dense("output", sizes.hidden, sizes.classes, random);
  const mean = new Float64Array(width);
  const meanGradient = new Float64Array(width);

  const countWords = (text: ArrayLike<number>) => {
    let count = 0;
    for (let i = 0; i < text.length; i++) if (text[i] !== PADDING) count++;
    return Math.max(1, count);
  };

  const logits = (text: ArrayLike<number>) => {
    mean.fill(0);
    for (let i = 0; i < text.length; i++) {
      const id = text[i]!;
      if (id === PADDING) continue;
      for (let d = 0; d < width; d++) mean[d]! += table.value[id * width + d]!;
    }
    const count = countWords(text);
    for (let d = 0; d < width; d++) mean[d]! /= count;
    forward(hidden, mean, true);
    forward(output, hidden.y, false);
    return output.y;
  };

  return {
    parameters: [table, hidden.weight, hidden.bias, output.weight, output.bias],
    logits,
    accumulate(sample) {
      const text = ids(sample);
      const probability = crossEntropy(logits(text), label(sample), output.dy);
      backward(output, hidden.y, false, hidden.dy);
      backward(hidden, mean, true, meanGradient);
      const share = 1 / countWords(text);
      for (let i = 0; i < text.length; i++) {
        const id = text[i]!;
        if (id === PADDING) continue;
        for (let d = 0; d < width; d++) table.gradient[id * width + d]! += share * meanGradient[d]!;
      }
      return 1 - probability;
    },
  };
}
