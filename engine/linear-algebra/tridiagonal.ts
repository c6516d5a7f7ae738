/** A symmetric tridiagonal matrix T and the reflections with which A = Q T Qᵀ. */
export interface Tridiagonal {
  readonly size: number;
  readonly diagonal: Float64Array;
  /** Entry i stands beside the diagonal between i and i + 1; the last one is zero. */
  readonly beside: Float64Array;
  /** Row i holds, in its first i places, the vector of the reflection that made row i of A tridiagonal. */
  readonly vectors: Float64Array;
  /** Reflection i is I − factors[i] · v vᵀ; 0 where none was needed. */
  readonly factors: Float64Array;
}

/**
 * Householder's reduction of a symmetric matrix (Golub and Van Loan, Matrix Computations, 4th edition, 8.3.1), from
 * the last row upwards as in EISPACK's TRED1. The rank-2 update of one step and the product of the next one share a
 * single pass over the matrix, which is what the time goes into: 4n³/3 operations.
 *
 * No scaling: for matrices whose entries lie between 1e-150 and 1e150, as Gram matrices of float32 values do, squares
 * neither overflow nor lose what matters.
 *
 * @param matrix n × n; only its lower half is read, and it is overwritten with the reflections
 */
export function tridiagonalize(matrix: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const factors = new Float64Array(size);
  let [v, w] = [new Float64Array(size), new Float64Array(size)];
  let [u, p] = [new Float64Array(size), new Float64Array(size)];
  for (let i = size - 1; i >= 0; i--) {
    const row = i * size;
    // The update of the step before reaches this row now, the rows above it in the pass below.
    if (i < size - 1) updateRow(matrix, row, i, v, w);
    diagonal[i] = matrix[row + i]!;
    const { factor, value } = reflect(matrix, row, i, u);
    factors[i] = factor;
    if (i > 0) beside[i - 1] = value;
    updateAndMultiply(matrix, size, i, v, w, u, p);
    // w = factor · (p − ½ factor (pᵀu) u), so that the update is A − u wᵀ − w uᵀ.
    let dot = 0;
    for (let j = 0; j < i; j++) dot += p[j]! * u[j]!;
    const half = 0.5 * factor * dot;
    for (let j = 0; j < i; j++) p[j] = factor * (p[j]! - half * u[j]!);
    [v, w, u, p] = [u, p, v, w];
  }
  return { size, diagonal, beside, vectors: matrix, factors };
}

function updateRow(matrix: Float64Array, row: number, i: number, v: Float64Array, w: Float64Array): void {
  const [vi, wi] = [v[i]!, w[i]!];
  for (let j = 0; j <= i; j++) matrix[row + j] = matrix[row + j]! - (vi * w[j]! + wi * v[j]!);
}

/** The reflection that maps the first i entries of the row onto a multiple of the last of them. */
function reflect(matrix: Float64Array, row: number, i: number, u: Float64Array) {
  if (i === 0) return { factor: 0, value: 0 };
  let rest = 0;
  for (let j = 0; j < i - 1; j++) rest += matrix[row + j]! * matrix[row + j]!;
  const last = matrix[row + i - 1]!;
  if (rest === 0) {
    u.fill(0, 0, i);
    return { factor: 0, value: last };
  }
  const norm = Math.sqrt(rest + last * last);
  const value = last > 0 ? -norm : norm;
  const scale = 1 / (last - value);
  for (let j = 0; j < i - 1; j++) {
    const entry = matrix[row + j]! * scale;
    matrix[row + j] = entry;
    u[j] = entry;
  }
  matrix[row + i - 1] = 1;
  u[i - 1] = 1;
  return { factor: (value - last) / value, value };
}

/** A ← A − v wᵀ − w vᵀ and p = A u for the leading n × n part, in one pass over its lower half, two rows at a time. */
function updateAndMultiply(
  matrix: Float64Array,
  stride: number,
  n: number,
  v: Float64Array,
  w: Float64Array,
  u: Float64Array,
  p: Float64Array,
): void {
  p.fill(0, 0, n);
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const above = i * stride;
    const below = above + stride;
    const [v0, w0, u0] = [v[i]!, w[i]!, u[i]!];
    const [v1, w1, u1] = [v[i + 1]!, w[i + 1]!, u[i + 1]!];
    let sum0 = 0;
    let sum1 = 0;
    for (let j = 0; j < i; j++) {
      const vj = v[j]!;
      const wj = w[j]!;
      const uj = u[j]!;
      const a = matrix[above + j]! - (v0 * wj + w0 * vj);
      const b = matrix[below + j]! - (v1 * wj + w1 * vj);
      matrix[above + j] = a;
      matrix[below + j] = b;
      sum0 += a * uj;
      sum1 += b * uj;
      p[j] = p[j]! + (a * u0 + b * u1);
    }
    const corner = matrix[above + i]! - 2 * v0 * w0;
    const between = matrix[below + i]! - (v1 * w0 + w1 * v0);
    const end = matrix[below + i + 1]! - 2 * v1 * w1;
    matrix[above + i] = corner;
    matrix[below + i] = between;
    matrix[below + i + 1] = end;
    p[i] = p[i]! + sum0 + corner * u0 + between * u1;
    p[i + 1] = p[i + 1]! + sum1 + between * u0 + end * u1;
  }
  if (i < n) {
    const row = i * stride;
    const [vi, wi, ui] = [v[i]!, w[i]!, u[i]!];
    let sum = 0;
    for (let j = 0; j < i; j++) {
      const a = matrix[row + j]! - (vi * w[j]! + wi * v[j]!);
      matrix[row + j] = a;
      sum += a * u[j]!;
      p[j] = p[j]! + a * ui;
    }
    const corner = matrix[row + i]! - 2 * vi * wi;
    matrix[row + i] = corner;
    p[i] = p[i]! + sum + corner * ui;
  }
}
