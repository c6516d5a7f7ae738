import { glimpseOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import type { Mapping } from "../mapped-bytes.ts";
import { floatsOf } from "../pieces.ts";
import { defineTask } from "../pool.ts";
import { brainsOfValues, countOverflows } from "./convert.ts";

/** Counts the values that bfloat16 would make infinite. */
export function work({ bytes }: { bytes: Uint8Array | LazyBytes; params: null }): number {
  return countOverflows(floatsOf(glimpseOf(bytes)));
}

export const scanOverflows = defineTask<typeof work>(import.meta.url);

export function map(source: Uint8Array): Uint8Array {
  return brainsOfValues(floatsOf(source));
}

/** float32 → bfloat16, worked out when it is written. */
export const brainsOf: Mapping<null> = { module: import.meta.url, map, widths: [4, 2] };
