import type { Histogram } from "./histogram.ts";
import type { Range } from "./range.ts";

/** First index whose entry is at least `wanted`, in a list that does not fall; its length where there is none. */
function firstAtLeast(list: Float64Array, wanted: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The range that holds `percentile` % of the values, after ONNX Runtime's `compute_percentile`: the left edge of the
 * first bin at which the cumulated share reaches it, clipped to the range seen.
 *
 * @param percentile from 0 to 100
 * @param symmetric the histogram is one of magnitudes and the threshold serves both sides; else half of what is cut
 * goes off either side
 */
export function percentileRange(
  { counts, edges }: Histogram,
  seen: Range,
  percentile: number,
  symmetric: boolean,
): Range {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = new Float64Array(counts.length);
  let share = 0;
  counts.forEach((count, bin) => {
    share += count / total;
    shares[bin] = share;
  });
  const edgeAt = (wanted: number) => edges[firstAtLeast(shares, wanted)] ?? 0;
  let range: Range;
  if (symmetric) {
    const threshold = edgeAt(percentile / 100);
    range = { low: -threshold, high: threshold };
  } else {
    const cut = (100 - percentile) / 200;
    range = { low: edgeAt(cut), high: edgeAt(1 - cut) };
  }
  return clipRange(range, seen);
}

/** No side of a range beyond what was seen. */
export function clipRange({ low, high }: Range, seen: Range): Range {
  return { low: low < seen.low ? seen.low : low, high: high > seen.high ? seen.high : high };
}
