/**
 * A matrix as a view of an array: element (i, j) is `values[i · rowStride + j · columnStride]`. Transposition changes
 * the view, never the values.
 */
export interface Matrix {
  readonly values: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** A matrix stored row by row. */
export function matrixOf(values: Float32Array | Float64Array, rows: number, columns: number): Matrix {
  if (values.length !== rows * columns) {
    throw new RangeError(`${values.length} values do not make a matrix of ${rows} × ${columns}`);
  }
  return { values, rows, columns, rowStride: columns, columnStride: 1 };
}

export function transposed(matrix: Matrix): Matrix {
  return {
    values: matrix.values,
    rows: matrix.columns,
    columns: matrix.rows,
    rowStride: matrix.columnStride,
    columnStride: matrix.rowStride,
  };
}

/** Squared Frobenius norm. */
export function squaredNorm(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]! * values[at]!;
  return sum;
}
