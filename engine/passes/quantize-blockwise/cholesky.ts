/** Columns and rows that are worked on together, so that they stay in the cache. */
const block = 48;

/** Sum of a[i + k]·b[j + k] over `count` elements. */
function dot(a: Float64Array, i: number, b: Float64Array, j: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < count; k += 4) {
    s0 += a[i + k]! * b[j + k]!;
    s1 += a[i + k + 1]! * b[j + k + 1]!;
    s2 += a[i + k + 2]! * b[j + k + 2]!;
    s3 += a[i + k + 3]! * b[j + k + 3]!;
  }
  for (; k < count; k++) s0 += a[i + k]! * b[j + k]!;
  return s0 + s1 + (s2 + s3);
}

/**
 * The upper triangular U with H⁻¹ = UᵀU, the transposed Cholesky factor of the inverse, without inverting H: with
 * H = R·Rᵀ, R upper triangular, U = R⁻¹. n³/3 multiplications instead of the 2n³/3 of inversion and factoring.
 *
 * @param matrix symmetric [n, n]; only the upper triangle is read
 * @returns [n, n] with zeros below the diagonal, or undefined where H is not positive definite
 */
export function inverseFactor(matrix: Float64Array, n: number): Float64Array | undefined {
  const factor = upperFactor(matrix, n);
  return factor && invertUpper(factor, n);
}

/** R with H = R·Rᵀ, from the last column to the first. */
function upperFactor(matrix: Float64Array, n: number): Float64Array | undefined {
  const r = new Float64Array(n * n);
  for (let end = n; end > 0; end -= block) {
    const start = Math.max(0, end - block);
    // What the columns behind this block take away, row by row against the rows of the block.
    for (let i = 0; i < end; i++) {
      for (let j = Math.max(i, start); j < end; j++) {
        r[i * n + j] = matrix[i * n + j]! - dot(r, i * n + end, r, j * n + end, n - end);
      }
    }
    for (let j = end - 1; j >= start; j--) {
      const pivot = r[j * n + j]! - dot(r, j * n + j + 1, r, j * n + j + 1, end - j - 1);
      if (!(pivot > 0) || pivot === Infinity) return undefined;
      const root = Math.sqrt(pivot);
      r[j * n + j] = root;
      for (let i = 0; i < j; i++) {
        r[i * n + j] = (r[i * n + j]! - dot(r, i * n + j + 1, r, j * n + j + 1, end - j - 1)) / root;
      }
    }
  }
  return r;
}

function invertUpper(r: Float64Array, n: number): Float64Array {
  const u = new Float64Array(n * n);
  for (let start = 0; start < n; start += block) {
    const end = Math.min(start + block, n);
    for (let k = start; k < n; k++) {
      const row = k * n;
      for (let i = start; i < end && i <= k; i++) {
        const at = i * n;
        const value = ((i === k ? 1 : 0) + u[at + k]!) / r[row + k]!;
        u[at + k] = value;
        for (let j = k + 1; j < n; j++) u[at + j] = u[at + j]! - value * r[row + j]!;
      }
    }
  }
  return u;
}
