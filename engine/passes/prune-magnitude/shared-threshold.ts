import { joined } from "#engine/kernels/arena.ts";
import { countBetween } from "#engine/kernels/count.ts";
import { glimpseOf, LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf } from "../pieces.ts";
import type { Window } from "./gather.ts";
import { buckets, type Magnitudes } from "./magnitudes.ts";
import { bucketFromTop, keptAt, kthLargestMagnitude } from "./select.ts";

/** Values that are sampled. */
const customarySample = 1 << 20;
/** Of fewer than this many times the sample two passes take no time worth saving. */
const leastShare = 16;

/**
 * Magnitude bits below which the share `sparsity` of all tensors together lies; see `sparsityThreshold`. One pass over
 * the values where a sample tells about where that is, else two.
 *
 * @param sample about how many values are looked at first
 */
export async function sharedThreshold(
  group: readonly Magnitudes[],
  sparsity: number,
  sample: number = customarySample,
): Promise<number> {
  const count = group.reduce((all, one) => all + one.count, 0);
  const kept = keptAt(count, sparsity);
  const stride = Math.floor(count / sample);
  const window = stride < leastShare ? undefined : windowAround(sampleOf(group, stride), kept / count);
  const found = window && (await within(group, count, kept, window));
  return found ?? (await counted(group, kept));
}

/** The k-th largest magnitude, if it lies within a window. */
async function within(
  group: readonly Magnitudes[],
  count: number,
  k: number,
  window: Window,
): Promise<number | undefined> {
  let below = 0;
  const lists: Float32Array[] = [];
  for (const parts of await Promise.all(group.map((one) => one.gather(window)))) {
    for (const part of parts) {
      if (part.inside === undefined) return undefined;
      below += part.below;
      lists.push(part.inside);
    }
  }
  const inside = joined(lists);
  const rank = k - (count - below - inside.length);
  if (rank < 1 || rank > inside.length) return undefined;
  return kthLargestMagnitude([inside], rank);
}

/** In two passes over all values: by the upper half of their bits, and by the lower one of those that share the upper. */
async function counted(group: readonly Magnitudes[], k: number): Promise<number> {
  const upper = new Uint32Array(buckets);
  await Promise.all(group.map((one) => one.addTo(upper)));
  const high = bucketFromTop(upper, k);
  const lower = new Uint32Array(buckets);
  await Promise.all(group.map((one) => one.addTo(lower, high.bucket)));
  return high.bucket * buckets + bucketFromTop(lower, high.rest).bucket;
}

/** Many short runs are sampled, as values beside one another are alike. */
const runBytes = 1 << 14;

/** One run of `stride`. */
function sampleOf(group: readonly Magnitudes[], stride: number): Float32Array {
  const runs: Float32Array[] = [];
  let number = 0;
  for (const { bytes } of group) {
    for (const run of runsOf(bytes)) {
      if (number++ % stride === 0) runs.push(floatsOf(glimpseOf(run)).slice());
    }
  }
  return joined(runs);
}

function* runsOf(bytes: Uint8Array | LazyBytes): Iterable<Uint8Array | LazyBytes> {
  if (bytes instanceof LazyBytes) yield* bytes.pieces(runBytes);
  else for (let at = 0; at < bytes.length; at += runBytes) yield bytes.subarray(at, at + runBytes);
}

/** A window that holds more of the sample than this is of no use: many values are equal. */
const widest = 1 / 32;

/**
 * A window that the magnitude surely lies in of which the share `share` of all values is as large. Were the sample drawn
 * at random, the rank there would differ from that in the whole by √(n·p·(1 − p)) ≤ √n / 2 on average: it reaches six
 * times as far to both sides.
 */
function windowAround(sample: Float32Array, share: number): Window | undefined {
  const rank = Math.round(sample.length * share);
  const reach = Math.ceil(3 * Math.sqrt(sample.length));
  if (rank + reach > sample.length) return undefined;
  const low = kthLargestMagnitude([sample], rank + reach);
  const high = kthLargestMagnitude([sample], Math.max(1, rank - reach)) + 1;
  const held = countBetween(sample, low - 1, high);
  return low < 1 || held > sample.length * widest ? undefined : { low, high };
}
