import { cholesky, solveTransposed } from "./cholesky.ts";
import { symmetricEigen, symmetricEigenvalues } from "./eigen.ts";
import { gramMatrix } from "./gram.ts";
import { type Matrix, matrixOf, transposed } from "./matrix.ts";
import { product } from "./product.ts";

/**
 * What an error of the weights W (inputs × outputs) costs. Undefined: every input counts alike.
 * "inputs": the second moments of the inputs, XᵀX (inputs × inputs).
 * "outputs": the second moments of the outputs, WᵀXᵀXW (outputs × outputs).
 */
export interface Weighting {
  readonly side: "inputs" | "outputs";
  readonly moments: Float64Array;
  /**
   * How much an error counts for inputs that are seldom seen: this share of the mean second moment of the inputs is
   * added to each of them. 0 adds nothing.
   */
  readonly damping: number;
}

/** W ≈ P Q. */
export interface Factors {
  /** inputs × rank. */
  readonly p: Float64Array;
  /** rank × outputs. */
  readonly q: Float64Array;
}

export interface LowRank {
  /**
   * Squared singular values of W, or of XW where there is a weighting, largest first. They come from a Gram matrix,
   * whose condition is the square of W's: singular values below about √(n·2⁻⁵²) of the largest (4e-7 for n = 768)
   * are noise. float32 weights hold no more than 6e-8 themselves.
   */
  readonly energies: Float64Array;
  /** The best factors of this rank in the least-squares sense (Eckart and Young 1936). */
  factors(rank: number): Factors;
}

interface Problem {
  /** Symmetric matrix whose eigenvalues are the energies. */
  readonly matrix: Float64Array;
  readonly size: number;
  factors(basis: Float64Array, rank: number): Factors;
}

/**
 * The singular value decomposition of W by way of the smaller of WᵀW and WWᵀ. With V the leading eigenvectors of
 * WᵀW, the factors are P = WV and Q = Vᵀ: W is projected, nothing is divided by a singular value, so that small
 * ones do no harm. With second moments of the inputs S = LLᵀ the error ‖X(W − PQ)‖ is ‖Lᵀ(W − PQ)‖, and the
 * decomposition is that of LᵀW with P = L⁻ᵀU, Q = UᵀLᵀW (Wang and others 2024, SVD-LLM, "truncation-aware data
 * whitening"); with second moments of the outputs V are their eigenvectors, and no whitening is needed.
 *
 * @throws RangeError where a value is not finite, or the moments are not positive definite
 */
export function lowRank(w: Matrix, weighting?: Weighting): LowRank {
  const { matrix, size, factors } = problemOf(w, weighting);
  const eigen = symmetricEigen(matrix, size);
  return {
    energies: clamped(eigen.values),
    factors(rank) {
      const { p, q } = factors(eigen.vectors(rank), rank);
      balance(p, q, rank);
      return { p, q };
    },
  };
}

/** The energies of `lowRank` alone, in a fraction of its time. */
export function energies(w: Matrix, weighting?: Weighting): Float64Array {
  const { matrix, size } = problemOf(w, weighting);
  return clamped(symmetricEigenvalues(matrix, size));
}

function problemOf(w: Matrix, weighting: Weighting | undefined): Problem {
  const { rows, columns } = w;
  if (weighting?.side === "outputs" || (weighting === undefined && columns <= rows)) {
    return {
      matrix: weighting === undefined ? gramMatrix(w) : dampedOutputs(weighting, w),
      size: columns,
      factors: (v, rank) => {
        const basis = matrixOf(v, columns, rank);
        return { p: product(w, basis), q: copyTransposed(v, columns, rank) };
      },
    };
  }
  const factor = weighting === undefined ? undefined : cholesky(dampedInputs(weighting, rows), rows);
  const target =
    factor === undefined ? w : matrixOf(product(transposed(matrixOf(factor, rows, rows)), w), rows, columns);
  return {
    matrix: gramMatrix(transposed(target)),
    size: rows,
    factors: (u, rank) => {
      const q = product(transposed(matrixOf(u, rows, rank)), target);
      if (factor !== undefined) solveTransposed(factor, rows, u, rank);
      return { p: u, q };
    },
  };
}

function trace(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let at = 0; at < size * size; at += size + 1) sum += matrix[at]!;
  return sum;
}

/** S + δ · mean(diagonal of S) · I, as GPTQ does it (Frantar and others 2022). */
function dampedInputs({ moments, damping }: Weighting, size: number): Float64Array {
  const out = moments.slice();
  const added = (damping * trace(moments, size)) / size;
  for (let at = 0; at < out.length; at += size + 1) out[at] = out[at]! + added;
  return out;
}

/** The same seen at the outputs: inputs that all count alike give WᵀW, scaled to what the outputs hold in all. */
function dampedOutputs({ moments, damping }: Weighting, w: Matrix): Float64Array {
  const out = moments.slice();
  if (damping === 0) return out;
  const plain = gramMatrix(w);
  const all = trace(plain, w.columns);
  const scale = all === 0 ? 0 : (damping * trace(moments, w.columns)) / all;
  for (let at = 0; at < out.length; at++) out[at] = out[at]! + scale * plain[at]!;
  return out;
}

function copyTransposed(values: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column]!;
  }
  return out;
}

/** What is negative is the noise of a zero. */
function clamped(values: Float64Array): Float64Array {
  return values.map((value) => Math.max(0, value));
}

/**
 * Gives column k of P and row k of Q the same norm, so that both fit the range of float16 and quantise alike. The
 * product stays what it is.
 */
function balance(p: Float64Array, q: Float64Array, rank: number): void {
  const outputs = q.length / rank;
  for (let k = 0; k < rank; k++) {
    let [left, right] = [0, 0];
    for (let at = k; at < p.length; at += rank) left += p[at]! * p[at]!;
    for (let at = k * outputs; at < (k + 1) * outputs; at++) right += q[at]! * q[at]!;
    const empty = left === 0 || right === 0;
    const scale = empty ? 0 : Math.sqrt(Math.sqrt(right / left));
    const inverse = empty ? 0 : 1 / scale;
    for (let at = k; at < p.length; at += rank) p[at] = p[at]! * scale;
    for (let at = k * outputs; at < (k + 1) * outputs; at++) q[at] = q[at]! * inverse;
  }
}
