import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomFloats } from "../passes/testing/build.ts";
import { cholesky, solveTransposed } from "./cholesky.ts";
import { symmetricEigen, symmetricEigenvalues } from "./eigen.ts";
import { Gram, gramMatrix } from "./gram.ts";
import { type Matrix, matrixOf, squaredNorm, transposed } from "./matrix.ts";
import { product } from "./product.ts";

const sizes = fc.integer({ min: 1, max: 40 });
const seeds = fc.integer({ min: 1, max: 1_000_000 });

function at({ values, rowStride, columnStride }: Matrix, i: number, j: number): number {
  return values[i * rowStride + j * columnStride] ?? Number.NaN;
}

/** The product by its definition. */
function naive(a: Matrix, b: Matrix): number[] {
  return Array.from({ length: a.rows * b.columns }, (_, index) => {
    const [i, j] = [Math.floor(index / b.columns), index % b.columns];
    let sum = 0;
    for (let k = 0; k < a.columns; k++) sum += at(a, i, k) * at(b, k, j);
    return sum;
  });
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let gap = 0;
  for (let index = 0; index < a.length; index++)
    gap = Math.max(gap, Math.abs((a[index] ?? 0) - (b[index] ?? 0)));
  return gap;
}

const random = (rows: number, columns: number, seed: number) =>
  matrixOf(randomFloats(rows * columns, seed), rows, columns);

function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0));
}

/** Orthogonality of the vectors, and A V − V Λ relative to ‖A‖. */
function faults(matrix: Float64Array, size: number, count = size) {
  const { values, vectors } = symmetricEigen(matrix.slice(), size);
  const v = matrixOf(vectors(count), size, count);
  const av = product(matrixOf(matrix, size, size), v);
  const scaled = v.values.map((entry, index) => entry * (values[index % count] ?? 0));
  const norm = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  return { values, orthogonality: worst(gramMatrix(v), identity(count)), residual: worst(av, scaled) / norm };
}

/** Q diag(λ) Qᵀ with a random orthogonal Q. */
function withSpectrum(spectrum: readonly number[], seed: number): Float64Array {
  const size = spectrum.length;
  const q = symmetricEigen(gramMatrix(random(size + 3, size, seed)), size).vectors(size);
  const scaled = q.map((entry, index) => entry * (spectrum[index % size] ?? 0));
  return product(matrixOf(scaled, size, size), transposed(matrixOf(q, size, size)));
}

describe("products", () => {
  it("equal their definition for any shape, transposed or not", () => {
    fc.assert(
      fc.property(sizes, sizes, sizes, seeds, (m, k, n, seed) => {
        const a = random(m, k, seed);
        const b = transposed(random(n, k, seed + 1));
        expect(worst(product(a, b), naive(a, b))).toBeLessThan(1e-13);
        expect(
          worst(product(transposed(b), transposed(a)), naive(transposed(b), transposed(a))),
        ).toBeLessThan(1e-13);
      }),
    );
  });

  it("are right where several passes and blocks are needed", () => {
    const [a, b] = [random(1030, 517, 1), random(517, 5, 2)];
    expect(worst(product(a, b), naive(a, b))).toBeLessThan(1e-12);
  });

  it("refuse shapes that do not meet", () => {
    expect(() => product(random(2, 3, 1), random(2, 3, 1))).toThrow(RangeError);
    expect(() => matrixOf(new Float32Array(5), 2, 3)).toThrow(RangeError);
    expect(() => new Gram(3).add(random(2, 2, 1))).toThrow(RangeError);
  });

  it("a Gram matrix is the sum over its parts, and exactly symmetric", () => {
    fc.assert(
      fc.property(sizes, sizes, seeds, (m, n, seed) => {
        const [a, b] = [random(m, n, seed), random(m + 1, n, seed + 1)];
        const gram = new Gram(n);
        gram.add(a);
        gram.add(b);
        const [first, second] = [naive(transposed(a), a), naive(transposed(b), b)];
        const expected = first.map((entry, index) => entry + (second[index] ?? 0));
        expect(worst(gram.values(), expected)).toBeLessThan(1e-12);
        const full = gram.values();
        expect(full).toEqual(full.map((_, index) => full[(index % n) * n + Math.floor(index / n)] ?? 0));
      }),
      { numRuns: 30 },
    );
  });
});

describe("eigenvalues and eigenvectors", () => {
  it("are orthogonal and solve A v = λ v, for any symmetric matrix", () => {
    fc.assert(
      fc.property(sizes, seeds, fc.constantFrom(1e-70, 1, 1e70), (size, seed, scale) => {
        const a = randomFloats(size * size, seed);
        const matrix = Float64Array.from({ length: size * size }, (_, index) => {
          const [i, j] = [Math.floor(index / size), index % size];
          return (a[Math.min(i, j) * size + Math.max(i, j)] ?? 0) * scale;
        });
        const { values, orthogonality, residual } = faults(matrix, size);
        expect(orthogonality).toBeLessThan(1e-13);
        expect(residual).toBeLessThan(1e-13);
        expect([...values]).toEqual([...values].sort((x, y) => y - x));
        expect(symmetricEigenvalues(matrix.slice(), size)).toEqual(values);
      }),
    );
  });

  it.each([
    ["distinct over 16 orders of magnitude", Array.from({ length: 60 }, (_, i) => 10 ** (-i / 3.7))],
    ["mostly zero", Array.from({ length: 60 }, (_, i) => (i < 3 ? 3 - i : 0))],
    ["all equal", Array.from({ length: 60 }, () => 2)],
    ["in two clusters", Array.from({ length: 60 }, (_, i) => (i < 30 ? 1 : 1e-9) * (1 + i * 1e-15))],
    ["of both signs", Array.from({ length: 60 }, (_, i) => 30 - i)],
  ])("are orthogonal and accurate to ε‖A‖ where values are %s", (_, spectrum) => {
    const { values, orthogonality, residual } = faults(withSpectrum(spectrum, 5), spectrum.length);
    expect(orthogonality).toBeLessThan(1e-13);
    expect(residual).toBeLessThan(1e-13);
    const norm = Math.max(...spectrum.map(Math.abs));
    expect(worst(values, spectrum)).toBeLessThan(1e-13 * norm);
  });

  it("are those of the second difference, 2 − 2 cos(kπ/(n + 1))", () => {
    const size = 101;
    const matrix = Float64Array.from({ length: size * size }, (_, index) => {
      const gap = Math.abs(Math.floor(index / size) - (index % size));
      return gap === 0 ? 2 : gap === 1 ? -1 : 0;
    });
    const expected = Array.from(
      { length: size },
      (_, k) => 2 - 2 * Math.cos(((size - k) * Math.PI) / (size + 1)),
    );
    expect(worst(symmetricEigenvalues(matrix, size), expected)).toBeLessThan(1e-13);
  });

  it("the leading vectors are the same however many are asked for", () => {
    const matrix = gramMatrix(random(50, 45, 3));
    const all = symmetricEigen(matrix.slice(), 45).vectors(45);
    const few = symmetricEigen(matrix.slice(), 45).vectors(7);
    for (let i = 0; i < 45; i++) expect(few.slice(i * 7, i * 7 + 7)).toEqual(all.slice(i * 45, i * 45 + 7));
  });

  it("refuse what is not finite, and take what is trivial", () => {
    expect(() => symmetricEigen(Float64Array.of(1, 0, Number.NaN, 1), 2)).toThrow(RangeError);
    expect(symmetricEigen(Float64Array.of(3), 1).values).toEqual(Float64Array.of(3));
    expect(symmetricEigen(new Float64Array(9), 3).values).toEqual(new Float64Array(3));
  });
});

describe("Cholesky", () => {
  it("gives the matrix back and solves with its transpose", () => {
    fc.assert(
      fc.property(sizes, seeds, (size, seed) => {
        const matrix = gramMatrix(random(size + 10, size, seed)).map((entry, index) =>
          index % (size + 1) === 0 ? entry + 0.1 : entry,
        );
        const factor = matrixOf(cholesky(matrix, size), size, size);
        expect(worst(product(factor, transposed(factor)), matrix)).toBeLessThan(
          1e-12 * Math.sqrt(squaredNorm(matrix)),
        );
        const b = Float64Array.from(randomFloats(size * 3, seed));
        const x = b.slice();
        solveTransposed(factor.values as Float64Array, size, x, 3);
        expect(worst(product(transposed(factor), matrixOf(x, size, 3)), b)).toBeLessThan(1e-11);
      }),
    );
  });

  it("refuses what is not positive definite", () => {
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
  });
});
