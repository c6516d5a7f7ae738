import type { Matrix } from "./matrix.ts";

/** Rows and columns of a tile: sixteen sums are what a processor's registers hold. */
export const tile = 4;

/** Length of the sums that one pass adds up: two panels of 256 × 4 numbers fit the first-level cache. */
export const passLength = 256;

/** The next multiple of the tile. */
export function padded(size: number): number {
  return Math.ceil(size / tile) * tile;
}

/**
 * Copies columns of a matrix into panels of four that the inner loop reads from front to back: number
 * (k, 4p + q) lands at `panels[4p · length + 4k + q]`. Columns beyond the last are zero.
 *
 * @param from first row
 * @param length rows to copy
 */
export function packPanels(matrix: Matrix, from: number, length: number, panels: Float64Array): void {
  const { values, columns, rowStride, columnStride } = matrix;
  const width = padded(columns);
  for (let column = 0; column < width; column += tile) {
    const present = Math.min(tile, columns - column);
    for (let q = 0; q < tile; q++) {
      let to = column * length + q;
      if (q >= present) {
        for (let k = 0; k < length; k++, to += tile) panels[to] = 0;
        continue;
      }
      let at = from * rowStride + (column + q) * columnStride;
      for (let k = 0; k < length; k++, to += tile, at += rowStride) panels[to] = values[at]!;
    }
  }
}

/**
 * Adds a 4 × 4 tile of AᵀB to `out`: sums over `length` rows of two panels. Plain float64, always in this order, so
 * that every machine gets the same bits.
 *
 * @param stride of a row of `out`
 */
export function addTile(
  left: Float64Array,
  leftAt: number,
  right: Float64Array,
  rightAt: number,
  length: number,
  out: Float64Array,
  outAt: number,
  stride: number,
): void {
  let [c00, c01, c02, c03] = [0, 0, 0, 0];
  let [c10, c11, c12, c13] = [0, 0, 0, 0];
  let [c20, c21, c22, c23] = [0, 0, 0, 0];
  let [c30, c31, c32, c33] = [0, 0, 0, 0];
  let a = leftAt;
  let b = rightAt;
  for (let k = 0; k < length; k++) {
    const a0 = left[a]!;
    const a1 = left[a + 1]!;
    const a2 = left[a + 2]!;
    const a3 = left[a + 3]!;
    const b0 = right[b]!;
    const b1 = right[b + 1]!;
    const b2 = right[b + 2]!;
    const b3 = right[b + 3]!;
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
    a += tile;
    b += tile;
  }
  let at = outAt;
  out[at] = out[at]! + c00;
  out[at + 1] = out[at + 1]! + c01;
  out[at + 2] = out[at + 2]! + c02;
  out[at + 3] = out[at + 3]! + c03;
  at += stride;
  out[at] = out[at]! + c10;
  out[at + 1] = out[at + 1]! + c11;
  out[at + 2] = out[at + 2]! + c12;
  out[at + 3] = out[at + 3]! + c13;
  at += stride;
  out[at] = out[at]! + c20;
  out[at + 1] = out[at + 1]! + c21;
  out[at + 2] = out[at + 2]! + c22;
  out[at + 3] = out[at + 3]! + c23;
  at += stride;
  out[at] = out[at]! + c30;
  out[at + 1] = out[at + 1]! + c31;
  out[at + 2] = out[at + 2]! + c32;
  out[at + 3] = out[at + 3]! + c33;
}

/** The first rows and columns of a padded matrix. */
export function trim(values: Float64Array, stride: number, rows: number, columns: number): Float64Array {
  if (stride === columns) return values.length === rows * columns ? values : values.slice(0, rows * columns);
  const out = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    out.set(values.subarray(row * stride, row * stride + columns), row * columns);
  }
  return out;
}
