import type { Mapping } from "../mapped-bytes.ts";
import { floatsOf } from "../pieces.ts";
import { quantizeInto } from "./quantize.ts";

/** One scale for all values. */
export interface TensorScale {
  readonly type: "int8" | "uint8";
  readonly scale: number;
  readonly zeroPoint: number;
}

export function map(source: Uint8Array, { type, scale, zeroPoint }: TensorScale): Uint8Array {
  const values = floatsOf(source);
  const out = type === "int8" ? new Int8Array(values.length) : new Uint8Array(values.length);
  quantizeInto(out, values, 0, values.length, { scale, zeroPoint, type });
  return new Uint8Array(out.buffer);
}

/** float32 → int8 or uint8 by one scale, worked out when it is written. */
export const integersOf: Mapping<TensorScale> = { module: import.meta.url, map, widths: [4, 1] };
