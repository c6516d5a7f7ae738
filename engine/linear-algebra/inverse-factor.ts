/** Rows that are worked on together, so that they stay in the cache while all others pass by. */
const block = 48;
/** Columns of those rows that are worked on together, for the same reason. */
const depth = 512;

/**
 * Four scalar products with one row, out[t] = Σ a[at + k]·b[from + t·stride + k] over `count` elements: the row is
 * loaded once for all four.
 */
function dots(
  a: Float64Array,
  at: number,
  b: Float64Array,
  from: number,
  stride: number,
  count: number,
  out: Float64Array,
): void {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [b0, b1, b2, b3] = [from, from + stride, from + 2 * stride, from + 3 * stride];
  for (const end = at + count; at < end; at++) {
    const value = a[at]!;
    s0 += value * b[b0++]!;
    s1 += value * b[b1++]!;
    s2 += value * b[b2++]!;
    s3 += value * b[b3++]!;
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
}

function dot(a: Float64Array, at: number, b: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += a[at + k]! * b[from + k]!;
  return sum;
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
  if (factor === undefined) return undefined;
  // The columns of R as rows, in the half that is free.
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) factor[j * n + i] = factor[i * n + j]!;
  return invertUpper(factor, n);
}

/** R with H = R·Rᵀ, from the last column to the first; zeros below the diagonal. */
function upperFactor(matrix: Float64Array, n: number): Float64Array | undefined {
  const r = new Float64Array(n * n);
  const found = new Float64Array(4);
  for (let end = n; end > 0; end -= block) {
    const start = Math.max(0, end - block);
    for (let i = 0; i < end; i++) {
      const from = Math.max(i, start);
      r.set(matrix.subarray(i * n + from, i * n + end), i * n + from);
    }
    // What the columns behind this block take away, each row against the rows of the block.
    for (let from = end; from < n; from += depth) {
      const count = Math.min(depth, n - from);
      for (let i = 0; i < end; i++) {
        let j = Math.max(i, start);
        for (; j + 3 < end; j += 4) {
          dots(r, i * n + from, r, j * n + from, n, count, found);
          for (let t = 0; t < 4; t++) r[i * n + j + t] = r[i * n + j + t]! - found[t]!;
        }
        for (; j < end; j++) r[i * n + j] = r[i * n + j]! - dot(r, i * n + from, r, j * n + from, count);
      }
    }
    for (let j = end - 1; j >= start; j--) {
      const rest = end - j - 1;
      const pivot = r[j * n + j]! - dot(r, j * n + j + 1, r, j * n + j + 1, rest);
      if (!(pivot > 0) || pivot === Infinity) return undefined;
      const root = Math.sqrt(pivot);
      r[j * n + j] = root;
      for (let i = 0; i < j; i++) {
        const at = i * n + j;
        r[at] = (r[at]! - dot(r, at + 1, r, j * n + j + 1, rest)) / root;
      }
    }
  }
  return r;
}

/** U = R⁻¹, four rows at a time: U_ij = −(Σ U_ik·R_kj over i ≤ k < j)/R_jj. `r` holds Rᵀ below its diagonal. */
function invertUpper(r: Float64Array, n: number): Float64Array {
  const u = new Float64Array(n * n);
  const found = new Float64Array(4);
  for (let start = 0; start < n; start += block) {
    const end = Math.min(start + block, n);
    for (let j = start; j < n; j++) {
      const pivot = r[j * n + j]!;
      const stop = Math.min(end, j);
      let i = start;
      // What lies left of a row's diagonal is zero and changes no sum.
      for (; i + 3 < stop; i += 4) {
        dots(r, j * n + i, u, i * n + i, n, j - i, found);
        for (let t = 0; t < 4; t++) u[(i + t) * n + j] = -found[t]! / pivot;
      }
      for (; i < stop; i++) u[i * n + j] = -dot(r, j * n + i, u, i * n + i, j - i) / pivot;
      if (j < end) u[j * n + j] = 1 / pivot;
    }
  }
  return u;
}
