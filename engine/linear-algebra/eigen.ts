import { qlEigenvalues } from "./ql.ts";
import { Rotations } from "./rotations.ts";
import { type Tridiagonal, tridiagonalize } from "./tridiagonal.ts";

/** Eigenvectors worked on together: as many as registers hold a row of, and a first-level cache in full. */
const panelWidth = 4;

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
        const panel = new Float64Array(size * panelWidth);
        for (let k = 0; k < width; k++) panel[order[from + k]! * panelWidth + k] = 1;
        rotations.apply(panel);
        applyReflections(form, panel);
        for (let row = 0; row < size; row++) {
          for (let k = 0; k < width; k++) out[row * count + from + k] = panel[row * panelWidth + k]!;
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

/** X ← Q X for four columns: the reflection of the shortest row was found last, and is applied first. */
function applyReflections({ size, vectors, factors }: Tridiagonal, x: Float64Array): void {
  for (let i = 1; i < size; i++) {
    const factor = factors[i]!;
    if (factor !== 0) reflect(vectors, i * size, i, factor, x);
  }
}

function reflect(vectors: Float64Array, row: number, length: number, factor: number, x: Float64Array): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let j = 0, at = 0; j < length; j++, at += panelWidth) {
    const v = vectors[row + j]!;
    s0 += v * x[at]!;
    s1 += v * x[at + 1]!;
    s2 += v * x[at + 2]!;
    s3 += v * x[at + 3]!;
  }
  s0 *= factor;
  s1 *= factor;
  s2 *= factor;
  s3 *= factor;
  for (let j = 0, at = 0; j < length; j++, at += panelWidth) {
    const v = vectors[row + j]!;
    x[at] = x[at]! - v * s0;
    x[at + 1] = x[at + 1]! - v * s1;
    x[at + 2] = x[at + 2]! - v * s2;
    x[at + 3] = x[at + 3]! - v * s3;
  }
}
