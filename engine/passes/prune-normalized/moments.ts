import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { floatsOf, overPieces } from "../pieces.ts";
import { defineTask, type Pool } from "../pool.ts";

/** What the statistics of some values follow from, all in float64; NaN or infinite where a value is. */
export interface Moments {
  readonly count: number;
  readonly largest: number;
  /** Σ w². */
  readonly squares: number;
  readonly mean: number;
  /** Σ (w − w̄)², taken about the mean in a pass of its own: squares minus a square cancel. */
  readonly spread: number;
}

export function momentsOf(values: Float32Array): Moments {
  const count = values.length;
  let largest = 0;
  let squares = 0;
  let sum = 0;
  for (let at = 0; at < count; at++) {
    const value = values[at]!;
    // Math.max hands NaN on, as it should.
    largest = Math.max(largest, Math.abs(value));
    squares += value * value;
    sum += value;
  }
  const mean = sum / count;
  let spread = 0;
  for (let at = 0; at < count; at++) spread += (values[at]! - mean) ** 2;
  return { count, largest, squares, mean, spread };
}

/** Those of two parts together: Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm" (1979), (2.1). */
export function joinMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const gap = b.mean - a.mean;
  return {
    count,
    largest: Math.max(a.largest, b.largest),
    squares: a.squares + b.squares,
    mean: a.mean + (gap * b.count) / count,
    spread: a.spread + b.spread + (gap * gap * a.count * b.count) / count,
  };
}

export function work({ bytes }: { bytes: Uint8Array | LazyBytes; params: null }): Moments {
  return momentsOf(floatsOf(glimpseOf(bytes)));
}

const countMoments = defineTask<typeof work>(import.meta.url);

/** Moments of a tensor's float32 values, on the cores there are: the same on any number of them. */
export async function momentsOfBytes(pool: Pool, bytes: Uint8Array | LazyBytes): Promise<Moments> {
  const parts = await overPieces(pool, countMoments, bytes, null);
  return parts.reduce(joinMoments);
}
