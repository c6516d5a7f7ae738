import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import type { Mapping } from "../mapped-bytes.ts";
import { floatsOf } from "../pieces.ts";
import { defineTask } from "../pool.ts";
import { countOdd, toHalves } from "./convert.ts";

/** Looks for values that are no plain float16: see `countOdd`. */
export function work({ bytes }: { bytes: Uint8Array | LazyBytes; params: null }): {
  odd: number;
  clamped: number;
} {
  return countOdd(floatsOf(glimpseOf(bytes)));
}

export const scanHalves = defineTask<typeof work>(import.meta.url);

/** float32 → float16. `plain` promises that no value is odd: what the processor or the engine does is right then. */
export function map(source: Uint8Array, { plain }: { plain: boolean }): Uint8Array {
  const values = floatsOf(source);
  if (!plain) return new Uint8Array(toHalves(values).bits.buffer);
  const halves = new Float16Array(values.length);
  halves.set(values);
  return new Uint8Array(halves.buffer);
}

export const halvesOf: Mapping<{ plain: boolean }> = { module: import.meta.url, map, widths: [4, 2] };
