import type { Calibrator } from "./calibrator.ts";
import { entropyRange } from "./entropy.ts";
import { equalEdges, Histogram } from "./histogram.ts";
import { percentileRange } from "./percentile.ts";
import { type Range, rangeOf, symmetricRange, union } from "./range.ts";

/** How a range is read from a histogram. */
export type HistogramMethod =
  | { readonly kind: "percentile"; readonly percentile: number; readonly symmetric: boolean }
  | { readonly kind: "entropy"; readonly quantizedBins: number };

/**
 * Percentile or Entropy over all the data as one histogram, which is what ONNX Runtime's `quantize_static` makes: it
 * keeps every activation in memory, here a first sweep learns the range and a second one counts.
 */
export class HistogramCalibrator implements Calibrator {
  readonly sweeps = 2;
  readonly #method: HistogramMethod;
  readonly #bins: number;
  #seen: Range | undefined;
  #magnitudes: Range | undefined;
  #histogram: Histogram | undefined;

  constructor(method: HistogramMethod, bins: number) {
    this.#method = method;
    this.#bins = bins;
  }

  get #absolute(): boolean {
    return this.#method.kind === "percentile" && this.#method.symmetric;
  }

  observe(values: Float32Array, sweep: number): void {
    if (sweep === 0) {
      this.#seen = union(this.#seen, rangeOf(values));
      if (this.#absolute) this.#magnitudes = union(this.#magnitudes, rangeOf(values.map(Math.abs)));
      return;
    }
    this.#histogram ??= this.#empty();
    this.#histogram?.add(values, this.#absolute);
  }

  #empty(): Histogram | undefined {
    if (this.#seen === undefined) return undefined;
    const { low, high } = this.#magnitudes ?? symmetricRange(this.#seen);
    return Number.isFinite(high - low) ? new Histogram(equalEdges(low, high, this.#bins)) : undefined;
  }

  range(): Range | undefined {
    const [seen, histogram, method] = [this.#seen, this.#histogram, this.#method];
    // What is not finite has no histogram: the range itself says so.
    if (seen === undefined || histogram === undefined) return seen;
    return method.kind === "entropy"
      ? entropyRange(histogram, seen, method.quantizedBins).range
      : percentileRange(histogram, seen, method.percentile, method.symmetric);
  }
}
