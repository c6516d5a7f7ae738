import type { Mapping } from "../mapped-bytes.ts";
import { floatsOf } from "../pieces.ts";
import { quantizedBytes } from "./quantize.ts";
import { fullRange } from "./range.ts";

/** One scale for all values. */
export interface TensorScale {
  readonly type: "int8" | "uint8";
  readonly scale: number;
  readonly zeroPoint: number;
}

export function map(source: Uint8Array, { type, scale, zeroPoint }: TensorScale): Uint8Array {
  return quantizedBytes(floatsOf(source), { scale, zeroPoint, ...fullRange(type) });
}

/** float32 → int8 or uint8 by one scale, worked out when it is written. */
export const integersOf: Mapping<TensorScale> = { module: import.meta.url, map, widths: [4, 1] };
