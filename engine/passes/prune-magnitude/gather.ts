import { arena, joined } from "#engine/kernels/arena.ts";
import { glimpseOf, LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf } from "../pieces.ts";
import { defineTask } from "../pool.ts";

/** Magnitudes as bits: at least `low`, below `high`. `low` is at least 1. */
export interface Window {
  readonly low: number;
  readonly high: number;
}

/** What is known of values by a window. */
export interface Gathered {
  /** Values whose magnitude is below the window. */
  readonly below: number;
  /** Values that are exactly zero. */
  readonly zeros: number;
  /** Those within it without their signs, in the order of the values; undefined where they are more than was expected. */
  readonly inside: Float32Array | undefined;
}

/** What is looked at at a time stays in a processor's own cache. */
const blockBytes = 1 << 18;
/** Where more than this part of the values lies within, they are not kept: of many values they would fill the memory. */
const mostInside = 1 / 8;
/** So many are kept of any values. */
const fewInside = 1 << 12;

/** Gathers in one pass. */
export function work({ bytes, params }: { bytes: Uint8Array | LazyBytes; params: Window }): Gathered {
  const lists: Float32Array[] = [];
  const most = Math.max(fewInside, (bytes.length / 4) * mostInside);
  let [below, zeros, kept] = [0, 0, 0];
  for (const block of bytes instanceof LazyBytes ? bytes.pieces(blockBytes) : [bytes]) {
    const found = gather(floatsOf(glimpseOf(block)), params);
    below += found.below;
    zeros += found.zeros;
    kept += found.inside.length;
    if (kept <= most) lists.push(found.inside);
    else lists.length = 0;
  }
  return { below, zeros, inside: kept <= most ? joined(lists) : undefined };
}

export const gatherMagnitudes = defineTask<typeof work>(import.meta.url);

/** All that lies within. */
export function gather(values: Float32Array, { low, high }: Window): Gathered & { inside: Float32Array } {
  const { kernels } = arena();
  let [below, zeros] = [0, 0];
  const inside = arena().collect(values, ({ from, end, pad }, to) => {
    const [under, none, last] = kernels.gather(from, end, to, low, high);
    below += under - pad;
    zeros += none - pad;
    return last;
  });
  return { below, zeros, inside };
}
