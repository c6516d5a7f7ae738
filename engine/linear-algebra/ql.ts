import type { Rotations } from "./rotations.ts";

/** Unit roundoff twice: the distance from 1 to the next float64. */
const epsilon = Number.EPSILON;

/** Sweeps a value may take on average; two are usual, and nothing finite has been seen to need five. */
const maxSweeps = 30;

/**
 * Eigenvalues of a symmetric tridiagonal matrix by the implicit QL method with Wilkinson's shift (Golub and Van Loan,
 * Matrix Computations, 4th edition, 8.3.4; EISPACK's IMTQL2). What stands beside the diagonal counts as zero once it
 * is below ε‖T‖: the error of every value is a few ε‖T‖, which is all that a matrix computed in float64 holds.
 *
 * @param diagonal is overwritten with the eigenvalues, in no order
 * @param beside is destroyed
 * @param rotations gathers what turns the unit vectors into the eigenvectors; leave out where only values are wanted
 * @throws RangeError where the matrix is not finite
 */
export function qlEigenvalues(diagonal: Float64Array, beside: Float64Array, rotations?: Rotations): void {
  const size = diagonal.length;
  const negligible = epsilon * normOf(diagonal, beside);
  let left = maxSweeps * size;
  for (let first = 0; first < size; first++) {
    for (;;) {
      let last = first;
      while (last < size - 1 && Math.abs(beside[last]!) > negligible) last++;
      if (last === first) break;
      if (left-- === 0) throw new RangeError("The eigenvalues did not converge");
      sweep(diagonal, beside, first, last, rotations);
    }
  }
}

function normOf(diagonal: Float64Array, beside: Float64Array): number {
  let norm = 0;
  for (let i = 0; i < diagonal.length; i++) {
    const above = i === 0 ? 0 : Math.abs(beside[i - 1]!);
    norm = Math.max(norm, above + Math.abs(diagonal[i]!) + Math.abs(beside[i]!));
  }
  if (!Number.isFinite(norm)) throw new RangeError("The matrix holds values that are not finite");
  return norm;
}

/** One implicit QL step on the block from `first` to `last`. */
function sweep(d: Float64Array, e: Float64Array, first: number, last: number, rotations?: Rotations): void {
  let g = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  let r = Math.sqrt(g * g + 1);
  g = d[last]! - d[first]! + e[first]! / (g + (g < 0 ? -r : r));
  let [c, s, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = d[i + 1]! - p;
      e[last] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    r = (d[i]! - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    rotations?.push(i, c, s);
  }
  d[first] = d[first]! - p;
  e[first] = g;
  e[last] = 0;
}
