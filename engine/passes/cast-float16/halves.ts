import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import type { Mapping } from "../mapped-bytes.ts";
import { floatsOf } from "../pieces.ts";
import { defineTask } from "../pool.ts";
import { countClamped, halvesOfValues } from "./convert.ts";

/** Counts the values that are beyond the range of float16. */
export function work({ bytes }: { bytes: Uint8Array | LazyBytes; params: null }): { clamped: number } {
  return { clamped: countClamped(floatsOf(glimpseOf(bytes))) };
}

export const scanHalves = defineTask<typeof work>(import.meta.url);

export function map(source: Uint8Array): Uint8Array {
  return halvesOfValues(floatsOf(source));
}

/** float32 → float16, worked out when it is written. */
export const halvesOf: Mapping<null> = { module: import.meta.url, map, widths: [4, 2] };
