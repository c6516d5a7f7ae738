import { type Blocks, blockCount, type Format, middleOf, scaleRounding } from "./blocks.ts";

/** See `roundToEven` of `quantization/range.ts`; inlined because this is the inner loop. */
const magic = 6755399441055744;

/**
 * Round to nearest for embedding tables, as ONNX Runtime's `quantize_ndarray` does it for Gather (bits 8 by the same
 * formulas): it divides where the kernels for MatMul multiply by a reciprocal, and rounds halves to even. Symmetric:
 * scale = m / −2^(bits−1), where of two equal magnitudes the negative one counts. Blocks of one value, which ONNX
 * Runtime calls scale 0, are all the middle of the range (symmetric) or 8 with zero point 8.
 *
 * @param rows [lines, length], blocks lie along the rows
 * @returns undefined where a value is not finite or a scale overflows
 */
export function roundTable(
  rows: Float32Array,
  lines: number,
  length: number,
  format: Format,
): Blocks | undefined {
  const { bits, blockSize, symmetric } = format;
  const perLine = blockCount(length, blockSize);
  const padded = perLine * blockSize;
  const values = new Uint8Array(lines * padded);
  const scales = new Float32Array(lines * perLine);
  const zeroPoints = symmetric ? undefined : new Uint8Array(lines * perLine);
  const asStored = scaleRounding(format.scaleType);
  const middle = middleOf(bits);
  const most = 2 ** bits - 1;
  for (let line = 0; line < lines; line++) {
    for (let block = 0; block < perLine; block++) {
      const start = line * length + block * blockSize;
      const end = Math.min(start + blockSize, (line + 1) * length);
      let min = symmetric ? rows[start]! : 0;
      let max = min;
      let finite = true;
      for (let index = start; index < end; index++) {
        const value = rows[index]!;
        if (value < min) min = value;
        else if (value > max) max = value;
        else if (!(value <= max)) finite = false;
      }
      const furthest = Math.abs(max) > Math.abs(min) ? max : min;
      const scale = asStored(symmetric ? furthest / -middle : Math.fround(max - min) / most);
      if (!finite || !Number.isFinite(scale) || !Number.isFinite(furthest)) return undefined;
      const zeroPoint =
        symmetric || scale === 0 ? middle : clip(Math.fround(-min / scale) + magic - magic, most);
      const at = line * perLine + block;
      scales[at] = scale;
      if (zeroPoints !== undefined) zeroPoints[at] = zeroPoint;
      // A symmetric element is rounded before the zero point is added, an asymmetric one after it.
      const inside = symmetric ? 0 : zeroPoint;
      const outside = symmetric ? middle : 0;
      const to = line * padded + block * blockSize - start;
      for (let index = start; index < end; index++) {
        const position = scale === 0 ? inside : Math.fround(Math.fround(rows[index]! / scale) + inside);
        values[to + index] = clip(position + magic - magic + outside, most);
      }
    }
  }
  return { lines, length, values, scales, zeroPoints };
}

function clip(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
