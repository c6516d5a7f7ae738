import type { Histogram } from "./histogram.ts";
import { pairwiseSum } from "./pairwise-sum.ts";
import { clipRange } from "./percentile.ts";
import type { Range } from "./range.ts";

const { fround } = Math;
const epsilon = 1e-4;

export interface EntropyResult {
  readonly range: Range;
  /** Divergence per candidate, the narrowest range first. */
  readonly divergences: Float64Array;
  readonly best: number;
}

/**
 * The range about 0 whose quantised histogram tells most of the original one: for every half width the outliers are
 * folded into the outer bins (p), the bins are merged to `quantizedBins` and spread again (q), and the half width with
 * the smallest divergence KL(p‖q) wins. After ONNX Runtime's `get_entropy_threshold`, which follows Migacz, "8-bit
 * Inference with TensorRT" (GTC 2017). The histogram covers −t..t.
 */
export function entropyRange(histogram: Histogram, seen: Range, quantizedBins: number): EntropyResult {
  const { counts, edges } = histogram;
  const bins = counts.length;
  const middle = bins >> 1;
  const narrowest = quantizedBins >> 1;
  const candidates = Math.max(0, middle - narrowest + 1);
  const divergences = new Float64Array(candidates);
  const cumulated = new Float64Array(bins + 1);
  counts.forEach((count, bin) => {
    cumulated[bin + 1] = (cumulated[bin] ?? 0) + count;
  });
  let best = 0;
  for (let at = 0; at < candidates; at++) {
    const half = at + narrowest;
    const divergence = divergenceOf(
      counts,
      cumulated,
      middle - half,
      Math.min(middle + half + 1, bins),
      quantizedBins,
    );
    divergences[at] = divergence;
    if (divergence < (divergences[best] ?? 0)) best = at;
  }
  const half = best + narrowest;
  const low = edges[Math.max(0, middle - half)] ?? 0;
  const high = edges[Math.min(middle + half + 1, bins)] ?? 0;
  return { range: clipRange(candidates === 0 ? seen : { low, high }, seen), divergences, best };
}

/** KL divergence of the window [start, end) of the histogram from its quantised form; infinite where it has none. */
function divergenceOf(
  counts: Float64Array,
  cumulated: Float64Array,
  start: number,
  end: number,
  quantizedBins: number,
): number {
  const between = (from: number, to: number) => (cumulated[to] ?? 0) - (cumulated[from] ?? 0);
  const size = end - start;
  const p = counts.slice(start, end);
  p[0] = (p[0] ?? 0) + between(0, start);
  p[size - 1] = (p[size - 1] ?? 0) + between(end, counts.length);
  const q = new Float64Array(size);
  const merged = Math.floor(size / quantizedBins);
  for (let group = 0; group < quantizedBins; group++) {
    const from = group * merged;
    const to = from + merged;
    let sum = between(start + from, start + to);
    if (group === quantizedBins - 1) sum += between(start + quantizedBins * merged, end);
    let filled = 0;
    for (let bin = from; bin < to; bin++) if (p[bin] !== 0) filled++;
    // Whole numbers, and empty bins are filled as well: that is how ONNX Runtime has it.
    if (filled > 0) q.fill(Math.trunc(sum / filled), from, to);
  }
  const smoothP = smooth(p);
  const smoothQ = smooth(q);
  return smoothP === undefined || smoothQ === undefined
    ? Number.POSITIVE_INFINITY
    : relative(smoothP, smoothQ);
}

/** Takes a little from the bins that have something and gives it to the empty ones; float32. */
function smooth(distribution: Float64Array): Float32Array | undefined {
  const size = distribution.length;
  let empty = 0;
  for (let bin = 0; bin < size; bin++) if (distribution[bin] === 0) empty++;
  if (empty === size) return undefined;
  const given = fround(epsilon);
  const taken = fround((epsilon * empty) / (size - empty));
  const out = new Float32Array(size);
  for (let bin = 0; bin < size; bin++) {
    const count = distribution[bin] ?? 0;
    out[bin] = count === 0 ? given : fround(count) - taken;
  }
  return out;
}

/** Σ p·ln(p/q) of two distributions, which are normalised first; float32 throughout. Overwrites p. */
function relative(p: Float32Array, q: Float32Array): number {
  const [sumP, sumQ] = [pairwiseSum(p), pairwiseSum(q)];
  for (let bin = 0; bin < p.length; bin++) {
    const share = fround((p[bin] ?? 0) / sumP);
    const other = fround((q[bin] ?? 0) / sumQ);
    const positive = share > 0 && other > 0;
    p[bin] = positive ? share * fround(Math.log(fround(share / other))) : Number.POSITIVE_INFINITY;
  }
  return pairwiseSum(p);
}
