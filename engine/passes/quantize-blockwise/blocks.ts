import { float16Bits, float16Value } from "#engine/onnx/floats.ts";

export type Bits = 4 | 8;

/** How weights are cut and rounded. */
export interface Format {
  readonly bits: Bits;
  /** Consecutive elements that share a scale: a power of two, 16 or more. */
  readonly blockSize: number;
  /** The zero point is the middle of the range, 8 or 128. */
  readonly symmetric: boolean;
  /** Type of the scales: that of the weight. */
  readonly scaleType: "float32" | "float16";
}

/** `lines` lines of `length` elements, each cut into blocks from its start; the last block may be short. */
export interface Blocks {
  readonly lines: number;
  readonly length: number;
  /** One integer per element, [lines, blocks · block size]: lines are filled up to whole blocks. */
  readonly values: Uint8Array;
  /** [lines, blocks], already rounded to the type that stores them. */
  readonly scales: Float32Array;
  /** [lines, blocks]; undefined means the middle of the range everywhere. Not whole numbers after HQQ. */
  readonly zeroPoints: Uint8Array | Float32Array | undefined;
}

export function blockCount(length: number, blockSize: number): number {
  return Math.ceil(length / blockSize);
}

/** Zero point of symmetric blocks. */
export function middleOf(bits: Bits): number {
  return 2 ** (bits - 1);
}

/** Rounds to the type that will store a scale. */
export function scaleRounding(type: Format["scaleType"]): (value: number) => number {
  return type === "float32" ? Math.fround : (value) => float16Value(float16Bits(value));
}

/**
 * 4- or 8-bit integers in bytes, the first of two in the lower half; each line starts at a whole byte.
 *
 * @param fill what stands in the upper half of a line's last byte where the line has an odd length
 */
export function packLines(values: Uint8Array, length: number, bits: Bits, fill = 0): Uint8Array<ArrayBuffer> {
  if (bits === 8) return values as Uint8Array<ArrayBuffer>;
  const lines = length === 0 ? 0 : values.length / length;
  const bytes = Math.ceil(length / 2);
  const out = new Uint8Array(lines * bytes);
  const even = length - (length % 2);
  for (let line = 0, at = 0; line < lines; line++) {
    const start = line * length;
    for (let index = 0; index < even; index += 2) {
      out[at++] = values[start + index]! | (values[start + index + 1]! << 4);
    }
    if (even < length) out[at++] = values[start + even]! | (fill << 4);
  }
  return out;
}

/** The lines without what fills up their last block, [lines, length]. */
export function trimmed({ lines, length, values }: Blocks): Uint8Array {
  const padded = lines === 0 ? 0 : values.length / lines;
  if (padded === length) return values;
  const out = new Uint8Array(lines * length);
  for (let line = 0; line < lines; line++) {
    out.set(values.subarray(line * padded, line * padded + length), line * length);
  }
  return out;
}

/** What the integers stand for, [lines, length]: (value − zero point) · scale in float32. */
export function dequantize(
  blocks: Blocks,
  { bits, blockSize }: Pick<Format, "bits" | "blockSize">,
): Float32Array {
  const { lines, length, values, scales, zeroPoints } = blocks;
  const perLine = blockCount(length, blockSize);
  const out = new Float32Array(lines * length);
  const middle = middleOf(bits);
  for (let line = 0; line < lines; line++) {
    for (let index = 0; index < length; index++) {
      const block = line * perLine + Math.floor(index / blockSize);
      const zeroPoint = zeroPoints === undefined ? middle : zeroPoints[block]!;
      const value = values[line * perLine * blockSize + index]!;
      out[line * length + index] = Math.fround(value - zeroPoint) * scales[block]!;
    }
  }
  return out;
}
