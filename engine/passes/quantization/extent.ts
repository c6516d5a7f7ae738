import { arena, leastForKernel } from "#engine/kernels/arena.ts";
import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf, overPieces } from "../pieces.ts";
import { defineTask, type Pool } from "../pool.ts";

/** Smallest and largest of some values and zero. */
export interface Extent {
  readonly min: number;
  readonly max: number;
  /** False where a value is NaN. */
  readonly isNumber: boolean;
}

export function extentOf(values: Float32Array, start = 0, end = values.length): Extent {
  return end - start < leastForKernel
    ? extentOfFew(values, start, end)
    : extentOfMany(values.subarray(start, end));
}

function extentOfMany(values: Float32Array): Extent {
  const { kernels } = arena();
  const found = { min: 0, max: 0, isNumber: true };
  arena().visit(values, (range) => {
    const [min, max, strange] = kernels.extent(range.from, range.end);
    found.min = Math.min(found.min, min);
    found.max = Math.max(found.max, max);
    found.isNumber &&= strange === 0;
  });
  return found;
}

function extentOfFew(values: Float32Array, start: number, end: number): Extent {
  let min = 0;
  let max = 0;
  let isNumber = true;
  for (let index = start; index < end; index++) {
    const value = values[index] ?? 0;
    if (value < min) min = value;
    else if (value > max) max = value;
    // False for NaN, which neither comparison above sees.
    else if (!(value <= max)) isNumber = false;
  }
  return { min, max, isNumber };
}

export function work({ bytes }: { bytes: Uint8Array | LazyBytes; params: null }): Extent {
  return extentOf(floatsOf(glimpseOf(bytes)));
}

const scanExtent = defineTask<typeof work>(import.meta.url);

/** Extent of a large tensor's float32 values, on the cores there are. */
export async function wholeExtent(pool: Pool, bytes: Uint8Array | LazyBytes): Promise<Extent> {
  const parts = await overPieces(pool, scanExtent, bytes, null);
  return {
    min: Math.min(0, ...parts.map(({ min }) => min)),
    max: Math.max(0, ...parts.map(({ max }) => max)),
    isNumber: parts.every(({ isNumber }) => isNumber),
  };
}
