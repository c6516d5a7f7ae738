import type { Calibrator } from "./calibrator.ts";
import { pairwiseSum } from "./pairwise-sum.ts";
import { type Range, rangeOf, symmetricRange } from "./range.ts";

/** Weight of a later group of batches, as ONNX Runtime's quantiser has it. */
const customaryConstant = 0.01;

/**
 * Averages of the batches' minima and maxima, so that one outlying batch counts little. Within a group of batches
 * it is the arithmetic mean (ONNX Runtime's `quantize_static` makes one group of all the data); from group to group
 * it is an exponential average, r := r + c·(new − r). All sums are float32, after ONNX Runtime's `MinMaxCalibrater`.
 */
export class MovingAverage implements Calibrator {
  readonly sweeps = 1;
  readonly #constant: number;
  readonly #symmetric: boolean;
  #average: Range | undefined;
  #group: Range[] = [];

  /** @param options.constant weight of a later group, from 0 to 1 */
  constructor(options: { constant?: number; symmetric?: boolean } = {}) {
    this.#constant = Math.fround(options.constant ?? customaryConstant);
    this.#symmetric = options.symmetric ?? false;
  }

  observe(values: Float32Array): void {
    const range = rangeOf(values);
    if (range !== undefined) this.#group.push(range);
  }

  /** Ends a group of batches. */
  endGroup(): void {
    this.#average = this.range();
    this.#group = [];
  }

  range(): Range | undefined {
    if (this.#group.length === 0) return this.#average;
    let fresh: Range = {
      low: mean(this.#group.map(({ low }) => low)),
      high: mean(this.#group.map(({ high }) => high)),
    };
    if (this.#symmetric) fresh = symmetricRange(fresh);
    const old = this.#average;
    if (old === undefined) return fresh;
    return { low: this.#towards(old.low, fresh.low), high: this.#towards(old.high, fresh.high) };
  }

  #towards(old: number, fresh: number): number {
    return Math.fround(old + Math.fround(this.#constant * Math.fround(fresh - old)));
  }
}

function mean(values: readonly number[]): number {
  return Math.fround(pairwiseSum(Float32Array.from(values)) / values.length);
}
