import { qlEigenvalues } from "./ql.ts";
import { Rotations } from "./rotations.ts";
import { type Tridiagonal, tridiagonalize } from "./tridiagonal.ts";

/** Eigenvectors worked on together: 32 of 768 numbers fit the second-level cache. */
const panelWidth = 32;

export interface SymmetricEigen {
  /** Largest first. */
  readonly values: Float64Array;
  /**
   * Eigenvectors of the `count` largest values: n × `count`, row by row, one vector per column. The work grows with
   * `count`, about 7n² operations each.
   */
  vectors(count: number): Float64Array;
}

/**
 * Eigenvalues and, on demand, eigenvectors of a symmetric matrix: Householder's tridiagonal form, then implicit QL.
 * The rotations of QL are kept and applied, last one first, to those unit vectors alone whose eigenvectors are
 * wanted, then the reflections: vectors are products of orthogonal maps, so they are orthogonal to working precision
 * however close their values lie. Only +, −, ×, ÷ and square roots in a fixed order: the same bits on every machine.
 *
 * Values have an absolute error of a few n·ε·‖A‖ (ε = 2⁻⁵²): those below that are noise, in sign too.
 *
 * @param matrix n × n; only its lower half is read, and it is overwritten
 * @throws RangeError where the matrix is not finite
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const form = tridiagonalize(matrix, size);
  const rotations = new Rotations(size);
  const { diagonal } = form;
  qlEigenvalues(diagonal, form.beside, rotations);
  const order = descending(diagonal);
  return {
    values: Float64Array.from(order, (at) => diagonal[at]!),
    vectors(count) {
      const out = new Float64Array(size * count);
      for (let from = 0; from < count; from += panelWidth) {
        const width = Math.min(panelWidth, count - from);
        const panel = new Float64Array(size * width);
        for (let k = 0; k < width; k++) panel[order[from + k]! * width + k] = 1;
        rotations.apply(panel, width);
        applyReflections(form, panel, width);
        for (let row = 0; row < size; row++) {
          out.set(panel.subarray(row * width, (row + 1) * width), row * count + from);
        }
      }
      return out;
    },
  };
}

/** Eigenvalues alone, largest first: less memory and no rotations. */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const { diagonal, beside } = tridiagonalize(matrix, size);
  qlEigenvalues(diagonal, beside);
  return Float64Array.from(descending(diagonal), (at) => diagonal[at]!);
}

function descending(values: Float64Array): number[] {
  return Array.from(values, (_, at) => at).sort((a, b) => values[b]! - values[a]! || a - b);
}

/** X ← Q X: the reflection of the shortest row was the last one found, and is the first one applied. */
function applyReflections({ size, vectors, factors }: Tridiagonal, x: Float64Array, width: number): void {
  const sums = new Float64Array(width);
  for (let i = 1; i < size; i++) {
    const factor = factors[i]!;
    if (factor === 0) continue;
    const row = i * size;
    sums.fill(0);
    for (let j = 0; j < i; j++) {
      const v = vectors[row + j]!;
      const at = j * width;
      for (let k = 0; k < width; k++) sums[k] = sums[k]! + v * x[at + k]!;
    }
    for (let j = 0; j < i; j++) {
      const v = factor * vectors[row + j]!;
      const at = j * width;
      for (let k = 0; k < width; k++) x[at + k] = x[at + k]! - v * sums[k]!;
    }
  }
}
