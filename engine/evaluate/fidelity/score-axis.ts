import type { ItemOutputs } from "../tensors/item-outputs.ts";

/** Where an output holds scores over classes. Value `class` of position (`outer`, `inner`) of an item stands at
 * (outer · classes + class) · stride + inner. */
export interface ScoreAxis {
  readonly classes: number;
  /** Distance of two classes of one position: 1 where the classes are the last axis. */
  readonly stride: number;
  /** Positions that an item has scores for: 1 for a classifier, tokens for a tagger, pixels for a segmenter. */
  readonly positions: number;
  /** True where the values at every position are probabilities: in [0, 1], with sum 1. */
  readonly isDistribution: boolean;
}

/** Sums of float16 or int8 softmax outputs are off by this much; as in metrics/scores.ts. */
const sumTolerance = 0.02;

/** Names that exporters give to scores (Hugging Face Optimum, PyTorch's own examples). */
const scoreName = /logit|score|prob|softmax/i;
/** Names of vectors whose largest component is no decision. */
const vectorName = /embed|feature|hidden|latent|box|landmark|keypoint/i;

/**
 * The axis over which arg max is a decision of the model, by a rule that would rather find none than a false one.
 * ONNX does not say what an output means, and shape alone does not either: [N, T, C] may be a tagger's scores, boxes
 * (C = 4), hidden states or the raw grid of a detector. Without the batch axis:
 *
 * - [C], and [C, 1, 1] as convolutional heads give it: classes, the convention for classifiers; unless the name speaks
 *   of an embedding, features or boxes, or every item's vector has length 1, as normalised embeddings have.
 * - [T, C]: classes at every position, where the values are probabilities or logarithms of such over the last axis,
 *   or the name says logits, scores or probabilities.
 * - higher ranks (images, feature maps, masks): only where the values are probabilities over the last axis (NHWC) or
 *   else over the first (NCHW).
 * - one value per item, one class per position, and all others: none.
 *
 * @param outputs of the original: its variants must be judged alike
 */
export function scoreAxis(name: string, outputs: ItemOutputs): ScoreAxis | undefined {
  const { items, itemDims } = outputs;
  const perItem = itemDims.reduce((product, dim) => product * dim, 1);
  if (items === 0 || perItem < 2) return undefined;
  const axis = (classes: number, stride: number): ScoreAxis | undefined => {
    if (classes < 2) return undefined;
    const found = { classes, stride, positions: perItem / classes };
    return { ...found, isDistribution: isDistribution(outputs.values, found, (value) => value) };
  };
  const last = axis(itemDims.at(-1) ?? 1, 1);
  const isHead = itemDims.length === 3 && itemDims[1] === 1 && itemDims[2] === 1;
  if (itemDims.length === 1 || isHead) {
    const only = isHead ? axis(itemDims[0]!, 1) : last;
    if (only === undefined || only.isDistribution || scoreName.test(name)) return only;
    return vectorName.test(name) || isNormalised(outputs, perItem) ? undefined : only;
  }
  if (last?.isDistribution) return last;
  if (itemDims.length === 2) {
    if (last === undefined) return undefined;
    return scoreName.test(name) || isDistribution(outputs.values, last, Math.exp) ? last : undefined;
  }
  const first = axis(itemDims[0]!, perItem / itemDims[0]!);
  return first?.isDistribution ? first : undefined;
}

/** True where all positions of all items hold probabilities, after `toProbability`. */
function isDistribution(
  values: ArrayLike<number>,
  { classes, stride }: { readonly classes: number; readonly stride: number },
  toProbability: (value: number) => number,
): boolean {
  for (let block = 0; block < values.length; block += classes * stride) {
    for (let inner = 0; inner < stride; inner++) {
      let sum = 0;
      for (let at = block + inner; at < block + classes * stride; at += stride) {
        const value = toProbability(values[at]!);
        if (!(value >= 0 && value <= 1)) return false;
        sum += value;
      }
      if (Math.abs(sum - 1) > sumTolerance) return false;
    }
  }
  return true;
}

/** True where every item is a vector of length 1, as models end that normalise their embeddings. */
function isNormalised({ items, values }: ItemOutputs, width: number): boolean {
  for (let item = 0; item < items; item++) {
    let squares = 0;
    for (let at = item * width; at < (item + 1) * width; at++) squares += values[at]! ** 2;
    if (Math.abs(squares - 1) > sumTolerance) return false;
  }
  return true;
}
