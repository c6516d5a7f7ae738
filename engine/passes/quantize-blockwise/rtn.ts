import { type Blocks, blockCount, type Format, middleOf, scaleRounding } from "./blocks.ts";

/** Scale and zero point of one block. */
export interface Grid {
  scale: number;
  zeroPoint: number;
}

/**
 * Finds the grid of `values[start..end)` as ONNX Runtime's `quantize_matmul_4bits` and `_8bits` do (MLAS,
 * `q4_dq.cpp`: `range2scale`, `range2scalezp`), every step in float32.
 *
 * Symmetric: scale = −m / 2^(bits−1), m the value of largest magnitude (the least one where two are equal), so that m
 * falls on the end of the range that reaches further. Asymmetric: the range, made to contain zero, is cut into
 * 2^bits − 1 steps; zero point = round(−min / scale), half away from zero.
 *
 * @returns false where a value is not finite or the range overflows float32
 */
export function rangeGrid(
  values: Float32Array,
  start: number,
  end: number,
  { bits, symmetric }: Pick<Format, "bits" | "symmetric">,
  out: Grid,
): boolean {
  let min = values[start]!;
  let max = min;
  let finite = true;
  for (let index = start; index < end; index++) {
    const value = values[index]!;
    if (value < min) min = value;
    else if (value > max) max = value;
    // False for NaN, which neither comparison above sees.
    else if (!(value <= max)) finite = false;
  }
  if (!finite || min === -Infinity || max === Infinity) return false;
  if (symmetric) {
    const furthest = Math.abs(max) > Math.abs(min) ? max : min;
    out.scale = Math.fround(-furthest / middleOf(bits));
    out.zeroPoint = middleOf(bits);
    return true;
  }
  const most = 2 ** bits - 1;
  if (min > 0) min = 0;
  if (max < 0) max = 0;
  out.scale = Math.fround(Math.fround(max - min) / most);
  const position = out.scale === 0 ? 0 : Math.fround(-min / out.scale);
  out.zeroPoint = Math.min(most, Math.floor(position + 0.5));
  return Number.isFinite(out.scale);
}

/**
 * Round to nearest: every block gets the grid of its range, every element the nearest point,
 * q = clip(round(float32(x · float32(1/scale)) + zero point)), half away from zero, in float32. Bit for bit what
 * ONNX Runtime 1.27's C++ makes, down to the half byte that it leaves behind the end of an odd column.
 *
 * @param columns [lines, length]
 * @returns undefined where a value is not finite or a scale overflows
 */
export function roundToNearest(
  columns: Float32Array,
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
  const most = 2 ** bits - 1;
  const grid: Grid = { scale: 0, zeroPoint: 0 };
  const reciprocalOf = new Float32Array(1);
  for (let line = 0; line < lines; line++) {
    for (let block = 0; block < perLine; block++) {
      const start = line * length + block * blockSize;
      const end = Math.min(start + blockSize, (line + 1) * length);
      if (!rangeGrid(columns, start, end, format, grid)) return undefined;
      const scale = asStored(grid.scale);
      if (!Number.isFinite(scale)) return undefined;
      const at = line * perLine + block;
      scales[at] = scale;
      if (zeroPoints !== undefined) zeroPoints[at] = grid.zeroPoint;
      reciprocalOf[0] = scale === 0 ? 0 : 1 / scale;
      roundBlock(
        columns,
        start,
        end,
        reciprocalOf[0],
        grid.zeroPoint,
        most,
        values,
        line * padded + block * blockSize,
      );
    }
    if (bits === 4 && length % 2 === 1) leaveHalfByte(values, line * padded, length, blockSize);
  }
  return { lines, length, values, scales, zeroPoints };
}

function roundBlock(
  source: Float32Array,
  start: number,
  end: number,
  reciprocal: number,
  zeroPoint: number,
  most: number,
  out: Uint8Array,
  at: number,
): void {
  for (let index = start; index < end; index++) {
    const position = Math.fround(Math.fround(source[index]! * reciprocal) + zeroPoint);
    // Truncation is rounding down here: what is negative is clipped to zero. NaN (0 times the infinite reciprocal
    // of a denormal scale) becomes zero as well.
    const rounded = (position + 0.5) | 0;
    out[at++] = position < 0 ? 0 : position > most ? most : rounded;
  }
}

/**
 * ONNX Runtime quantises two elements at a time and forgets to clear the second one behind the end of an odd column:
 * its half byte keeps the value before, unless the column's last element begins a pair of blocks.
 */
function leaveHalfByte(values: Uint8Array, start: number, length: number, blockSize: number): void {
  if ((length - 1) % (2 * blockSize) === 0) return;
  values[start + length] = values[start + length - 2]!;
}
