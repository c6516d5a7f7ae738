/**
 * The lower triangular L with L Lᵀ = A for a symmetric positive definite matrix (Golub and Van Loan, Matrix
 * Computations, 4th edition, 4.2.5), row by row.
 *
 * @param matrix n × n; only its lower half is read
 * @returns n × n with zeros above the diagonal
 * @throws RangeError where the matrix is not positive definite
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let sum = matrix[row + j]!;
      for (let k = 0; k < j; k++) sum -= factor[row + k]! * factor[other + k]!;
      if (j < i) factor[row + j] = sum / factor[other + j]!;
      else if (sum > 0) factor[row + i] = Math.sqrt(sum);
      else throw new RangeError("The matrix is not positive definite");
    }
  }
  return factor;
}

/**
 * Solves Lᵀ X = B by back substitution, in place.
 *
 * @param factor lower triangular L, n × n
 * @param b n × `width`, row by row; becomes X
 */
export function solveTransposed(factor: Float64Array, size: number, b: Float64Array, width: number): void {
  for (let i = size - 1; i >= 0; i--) {
    const row = i * width;
    const pivot = factor[i * size + i]!;
    for (let k = 0; k < width; k++) b[row + k] = b[row + k]! / pivot;
    for (let j = 0; j < i; j++) {
      const weight = factor[i * size + j]!;
      if (weight === 0) continue;
      const above = j * width;
      for (let k = 0; k < width; k++) b[above + k] = b[above + k]! - weight * b[row + k]!;
    }
  }
}
