import type { Labels } from "#engine/evaluate/dataset/labels.ts";
import type { LossOptions } from "./losses/loss.schema.ts";

/** How good predictions are on labelled items. */
export interface Score {
  /** Mean over the items, without label smoothing. */
  readonly loss: number;
  /** Share of the items whose largest score is at their class; undefined where labels are numbers. */
  readonly accuracy: number | undefined;
}

/** Adds up the scores of batches. */
export class ScoreSum {
  readonly #loss: LossOptions;
  readonly #labels: Labels;
  #items = 0;
  #sum = 0;
  #right = 0;

  constructor(loss: LossOptions, labels: Labels) {
    this.#loss = loss;
    this.#labels = labels;
  }

  /**
   * @param predictions row by row, as the loss takes them: logits of classes
   * @param rows the items they belong to; predictions beyond them fill up the batch and do not count
   */
  add(predictions: Float32Array, batch: number, rows: Uint32Array): void {
    const width = predictions.length / batch;
    rows.forEach((row, at) => {
      const label = this.#labels.values[row] ?? 0;
      const values = predictions.subarray(at * width, (at + 1) * width);
      this.#items++;
      if (this.#labels.kind === "class" && width > 1) {
        this.#sum += logSumExp(values) - (values[label] ?? 0);
        if (indexOfLargest(values) === label) this.#right++;
      } else this.#sum += this.#valueLoss(values[0] ?? 0, label);
    });
  }

  #valueLoss(value: number, label: number): number {
    const error = Math.abs(value - label);
    switch (this.#loss.kind) {
      case "binary-cross-entropy":
        if (value > 0 === label > 0.5) this.#right++;
        return Math.max(value, 0) - value * label + Math.log1p(Math.exp(-Math.abs(value)));
      case "huber": {
        const { delta } = this.#loss;
        return error <= delta ? error ** 2 / 2 : delta * (error - delta / 2);
      }
      default:
        return error ** 2;
    }
  }

  result(): Score {
    const hasClasses = this.#labels.kind === "class";
    return {
      loss: this.#sum / this.#items,
      accuracy: hasClasses ? this.#right / this.#items : undefined,
    };
  }
}

function logSumExp(values: Float32Array): number {
  const top = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at;
  return best;
}

/** Whether one score is better than another: more items right, and of as many a smaller loss. */
export function isBetter(a: Score, b: Score): boolean {
  if (a.accuracy !== undefined && b.accuracy !== undefined && a.accuracy !== b.accuracy)
    return a.accuracy > b.accuracy;
  return a.loss < b.loss;
}
