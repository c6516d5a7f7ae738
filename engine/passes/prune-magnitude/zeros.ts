import type { Mapping } from "../mapped-bytes.ts";
import { floatsOf } from "../pieces.ts";
import { zeroed } from "./select.ts";

export function map(source: Uint8Array, { threshold }: { threshold: number }): Uint8Array {
  return zeroed(floatsOf(source), threshold).bytes;
}

/** float32 values of which those with a magnitude below the threshold (in bits) become zero when they are written. */
export const zerosBelow: Mapping<{ threshold: number }> = { module: import.meta.url, map, widths: [4, 4] };
