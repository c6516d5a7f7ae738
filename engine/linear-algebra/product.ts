import { type Matrix, transposed } from "./matrix.ts";
import { addTile, packPanels, padded, passLength, tile, trim } from "./panels.ts";

/** Width of a block of the right-hand side whose panels stay in the second-level cache. */
const blockWidth = 512;

/**
 * The product of two matrices, row by row, in float64: float32 factors are exact there, only sums round.
 *
 * @returns rows of `a` × columns of `b`
 */
export function product(a: Matrix, b: Matrix): Float64Array {
  if (a.columns !== b.rows) throw new RangeError(`${a.columns} columns meet ${b.rows} rows`);
  const left = transposed(a);
  const [height, stride] = [padded(a.rows), padded(b.columns)];
  const out = new Float64Array(height * stride);
  const leftPanels = new Float64Array(Math.min(passLength, a.columns) * blockHeight(height));
  const rightPanels = new Float64Array(Math.min(passLength, a.columns) * stride);
  for (let from = 0; from < a.columns; from += passLength) {
    const length = Math.min(passLength, a.columns - from);
    packPanels(b, from, length, rightPanels);
    for (let top = 0; top < height; top += blockWidth) {
      const rows = Math.min(blockWidth, a.rows - top);
      packPanels(columnsOf(left, top, rows), from, length, leftPanels);
      for (let column = 0; column < stride; column += tile) {
        for (let row = 0; row < rows; row += tile) {
          const at = (top + row) * stride + column;
          addTile(leftPanels, row * length, rightPanels, column * length, length, out, at, stride);
        }
      }
    }
  }
  return trim(out, stride, a.rows, b.columns);
}

function blockHeight(height: number): number {
  return Math.min(blockWidth, height);
}

function columnsOf(matrix: Matrix, from: number, columns: number): Matrix {
  const { values, columnStride } = matrix;
  const start = from * columnStride;
  return { ...matrix, columns, values: values.subarray(start) };
}
