/** A weight as its node multiplies by it: `rows` inputs (K), `columns` outputs (N). */
export interface Matrix {
  /** Row-major [rows, columns]; [columns, rows] where `transposed`. */
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly transposed: boolean;
}

const tile = 64;

/** The matrix column after column, [columns, rows]: a copy, or the data itself where they lie so already. */
export function columnsOf({ data, rows, columns, transposed }: Matrix): Float32Array {
  if (transposed) return data;
  const out = new Float32Array(rows * columns);
  // In tiles, so that neither side leaves the cache.
  for (let left = 0; left < columns; left += tile) {
    const right = Math.min(left + tile, columns);
    for (let top = 0; top < rows; top += tile) {
      const bottom = Math.min(top + tile, rows);
      for (let column = left; column < right; column++) {
        const start = column * rows;
        for (let row = top; row < bottom; row++) out[start + row] = data[row * columns + column]!;
      }
    }
  }
  return out;
}
