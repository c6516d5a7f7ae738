import { type Range, rangeOf, union } from "./range.ts";

const { fround } = Math;

/** More bins than any tensor needs: outliers may ask for endless growth. */
export const mostBins = 1 << 20;

/**
 * Edges of `bins` bins of equal width from `low` to `high`, in float32 arithmetic as NumPy 2 computes them:
 * edge i = low + i·step. An empty range becomes one of width 1 around its value.
 *
 * @returns bins + 1 edges
 */
export function equalEdges(low: number, high: number, bins: number): Float32Array {
  const first = low === high ? fround(low - 0.5) : low;
  const last = low === high ? fround(high + 0.5) : high;
  const span = fround(last - first);
  const step = fround(span / bins);
  const edges = new Float32Array(bins + 1);
  for (let index = 0; index < bins; index++) {
    const offset = step === 0 ? fround(fround(index / bins) * span) : fround(index * step);
    edges[index] = fround(offset + first);
  }
  edges[bins] = last;
  return edges;
}

/** Counts of values between edges. Bins are half open, the last one is closed; values outside and NaN fall away. */
export class Histogram {
  readonly edges: Float32Array;
  /** One count per bin: whole numbers. */
  readonly counts: Float64Array;

  constructor(edges: Float32Array) {
    this.edges = edges;
    this.counts = new Float64Array(edges.length - 1);
  }

  /** @param absolute count the magnitudes */
  add(values: Float32Array, absolute = false): void {
    const { edges, counts } = this;
    const bins = counts.length;
    const first = edges[0] ?? 0;
    const last = edges[bins] ?? 0;
    const perUnit = bins / (last - first);
    for (let index = 0; index < values.length; index++) {
      const given = values[index] ?? 0;
      const value = absolute ? Math.abs(given) : given;
      if (!(value >= first && value <= last)) continue;
      let bin = Math.min(bins - 1, Math.floor((value - first) * perUnit));
      // The guess may be off: edges are rounded, and of a grown histogram not quite evenly spaced. The edges decide.
      while (bin > 0 && value < (edges[bin] ?? 0)) bin--;
      while (bin < bins - 1 && value >= (edges[bin + 1] ?? 0)) bin++;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }

  /** Adds the counts of a histogram with as many bins or fewer, from bin `at` on. */
  addCounts(other: Histogram, at = 0): void {
    other.counts.forEach((count, bin) => {
      this.counts[bin + at] = (this.counts[bin + at] ?? 0) + count;
    });
  }
}

/** A histogram that learns batch by batch and what range was seen. */
export interface GrowingHistogram {
  readonly histogram: Histogram | undefined;
  readonly seen: Range | undefined;
  add(values: Float32Array): void;
}

/**
 * Histogram of the values over −t..t, t the largest magnitude seen first; a larger one adds whole bins of the old
 * width at both ends. After the `collect_value` of ONNX Runtime's quantiser.
 */
export class SignedHistogram implements GrowingHistogram {
  histogram: Histogram | undefined;
  seen: Range | undefined;
  readonly #bins: number;
  #threshold = 0;

  constructor(bins: number) {
    this.#bins = bins;
  }

  add(values: Float32Array): void {
    const fresh = rangeOf(values) ?? { low: 0, high: 0 };
    this.seen = union(this.seen, fresh);
    const threshold = Math.max(Math.abs(fresh.low), Math.abs(fresh.high));
    const old = this.histogram;
    if (old === undefined) {
      this.#threshold = threshold;
      this.histogram = new Histogram(equalEdges(-threshold, threshold, this.#bins));
    } else if (threshold > this.#threshold) {
      this.#grow(old, threshold);
    }
    this.histogram?.add(values);
  }

  #grow(old: Histogram, threshold: number): void {
    const bins = old.counts.length;
    let extra = 0;
    let reach = threshold;
    if (this.#threshold > 0) {
      const stride = fround(fround(2 * this.#threshold) / bins);
      extra = floorDivide(fround(threshold - this.#threshold), stride) + 1;
      reach = fround(fround(extra * stride) + this.#threshold);
      // Beyond that the last bins take what is outside: better a coarse tail than no memory.
      if (!(bins + 2 * extra <= mostBins)) return;
    }
    this.#threshold = reach;
    this.histogram = new Histogram(equalEdges(-reach, reach, bins + 2 * extra));
    this.histogram.addCounts(old, extra);
  }
}

/**
 * Histogram of the magnitudes over the range of those seen first; larger ones add whole bins of the old width at the
 * end. After the `collect_absolute_value` of ONNX Runtime's quantiser.
 */
export class AbsoluteHistogram implements GrowingHistogram {
  histogram: Histogram | undefined;
  seen: Range | undefined;
  readonly #bins: number;

  constructor(bins: number) {
    this.#bins = bins;
  }

  add(values: Float32Array): void {
    this.seen = union(this.seen, rangeOf(values) ?? { low: 0, high: 0 });
    const magnitudes = rangeOf(values.map(Math.abs)) ?? { low: 0, high: 0 };
    const old = this.histogram;
    if (old === undefined) {
      this.histogram = new Histogram(equalEdges(magnitudes.low, magnitudes.high, this.#bins));
    } else if (magnitudes.high > (old.edges.at(-1) ?? 0)) {
      const edges = longerEdges(old.edges, magnitudes.high);
      if (edges.length - 1 <= mostBins) {
        this.histogram = new Histogram(edges);
        this.histogram.addCounts(old);
      }
    }
    this.histogram?.add(values, true);
  }
}

/** Edges continued with the width of the first bin until `highest` is inside. */
function longerEdges(edges: Float32Array, highest: number): Float32Array {
  const width = fround((edges[1] ?? 0) - (edges[0] ?? 0));
  const start = fround((edges.at(-1) ?? 0) + width);
  const end = fround(highest + width);
  const count = Math.max(0, Math.ceil(fround(fround(end - start) / width)));
  if (!(edges.length + count - 1 <= mostBins)) return edges;
  const step = fround(fround(start + width) - start);
  // Product and sum are rounded once, as with the fused multiply-add that the golden histograms were made with.
  const added = Float32Array.from({ length: count }, (_, index) => fround(start + index * step));
  const all = new Float32Array(edges.length + count);
  all.set(edges);
  all.set(added, edges.length);
  return all;
}

/** Quotient rounded down, in float32 and by way of the remainder as C and NumPy do it. Both are positive. */
function floorDivide(a: number, b: number): number {
  const quotient = fround(fround(a - (a % b)) / b);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}
