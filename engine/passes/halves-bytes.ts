import { float16Value } from "#engine/onnx/floats.ts";
import type { Mapping } from "./mapped-bytes.ts";

/** float16 bit patterns of bytes, as a view where they are aligned. */
export function halvesOfBytes(bytes: Uint8Array): Uint16Array {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

let table: Float32Array | undefined;

/** The value of each of the 65,536 bit patterns: looking one up is quicker than working it out. */
export function halfValues(): Float32Array {
  table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => float16Value(bits));
  return table;
}

export function map(source: Uint8Array): Uint8Array {
  const values = halfValues();
  const halves = halvesOfBytes(source);
  const out = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at++) out[at] = values[halves[at]!]!;
  return new Uint8Array(out.buffer);
}

/** float16 → float32, worked out when somebody asks. */
export const widened: Mapping<null> = { module: import.meta.url, map, widths: [2, 4] };
