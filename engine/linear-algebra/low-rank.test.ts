import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomFloats } from "../passes/testing/build.ts";
import { gramMatrix } from "./gram.ts";
import { energies, lowRank, type Weighting } from "./low-rank.ts";
import { type Matrix, matrixOf, squaredNorm, transposed } from "./matrix.ts";
import { product } from "./product.ts";

const sizes = fc.integer({ min: 1, max: 30 });
const seeds = fc.integer({ min: 1, max: 1_000_000 });
const random = (rows: number, columns: number, seed: number) =>
  matrixOf(randomFloats(rows * columns, seed), rows, columns);

/** W − PQ. */
function errorOf(w: Matrix, rank: number, weighting?: Weighting): Matrix {
  const { p, q } = lowRank(w, weighting).factors(rank);
  const near = product(matrixOf(p, w.rows, rank), matrixOf(q, rank, w.columns));
  return matrixOf(
    near.map((entry, at) => (w.values[at] ?? 0) - entry),
    w.rows,
    w.columns,
  );
}

const tail = (values: Float64Array, rank: number) =>
  values.slice(rank).reduce((sum, value) => sum + value, 0);

describe("low rank", () => {
  it("the squared error is the tail of the squared singular values", () => {
    fc.assert(
      fc.property(sizes, sizes, seeds, fc.nat(), (m, n, seed, pick) => {
        const w = random(m, n, seed);
        const rank = 1 + (pick % Math.min(m, n));
        const found = squaredNorm(errorOf(w, rank).values);
        expect(Math.abs(found - tail(lowRank(w).energies, rank))).toBeLessThan(1e-12 * squaredNorm(w.values));
        expect(energies(w)).toEqual(lowRank(w).energies);
      }),
    );
  });

  it("a matrix of that rank comes back to the accuracy of float64", () => {
    fc.assert(
      fc.property(sizes, sizes, seeds, fc.nat(), (m, n, seed, pick) => {
        const rank = 1 + (pick % Math.min(m, n));
        const w = matrixOf(product(random(m, rank, seed), random(rank, n, seed + 1)), m, n);
        const error = Math.sqrt(squaredNorm(errorOf(w, rank).values) / squaredNorm(w.values));
        expect(error).toBeLessThan(1e-13);
      }),
    );
  });

  it("loses singular values below 1e-8 of the largest, and no accuracy of the factors by it", () => {
    const spectrum = [1, 1e-3, 1e-6, 1e-9, 1e-12, 0];
    const size = spectrum.length;
    const basis = lowRank(random(size, size, 3)).factors(size);
    const q = lowRank(matrixOf(basis.q, size, size)).factors(size).q;
    const unit = orthonormal(q, size);
    const scaled = unit.map((entry, at) => entry * (spectrum[Math.floor(at / size)] ?? 0));
    const w = matrixOf(
      product(transposed(matrixOf(unit, size, size)), matrixOf(scaled, size, size)),
      size,
      size,
    );
    const found = lowRank(w).energies.map(Math.sqrt);
    expect(found[0]).toBeCloseTo(1, 12);
    expect(found[1]).toBeCloseTo(1e-3, 12);
    expect(Math.abs((found[2] ?? 0) - 1e-6)).toBeLessThan(1e-9);
    // Noise of the Gram matrix: anything up to √(n ε).
    expect(found[3]).toBeLessThan(1e-7);
    // The factors of rank 3 leave 1e-9 all the same: they project, they do not divide.
    expect(Math.sqrt(squaredNorm(errorOf(w, 3).values))).toBeLessThan(1.1e-9);
  });

  it("with the inputs' second moments the error of the outputs is the tail, on either side", () => {
    fc.assert(
      fc.property(sizes, sizes, seeds, fc.nat(), (m, n, seed, pick) => {
        const w = random(m, n, seed);
        const x = random(m + 5, m, seed + 1);
        const rank = 1 + (pick % Math.min(m, n));
        const y = matrixOf(product(x, w), x.rows, n);
        const scale = squaredNorm(y.values);
        for (const weighting of [
          { side: "inputs", moments: gramMatrix(x), damping: 0 },
          { side: "outputs", moments: gramMatrix(y), damping: 0 },
        ] as const) {
          const found = squaredNorm(product(x, errorOf(w, rank, weighting)));
          expect(Math.abs(found - tail(lowRank(w, weighting).energies, rank))).toBeLessThan(1e-9 * scale);
          expect(found).toBeLessThan(squaredNorm(product(x, errorOf(w, rank))) + 1e-9 * scale);
        }
      }),
    );
  });

  it("the factors share their norms, and what is empty stays empty", () => {
    const { p, q } = lowRank(random(9, 7, 4)).factors(3);
    for (let k = 0; k < 3; k++) {
      const column = squaredNorm(p.filter((_, at) => at % 3 === k));
      expect(column).toBeCloseTo(squaredNorm(q.slice(k * 7, k * 7 + 7)), 10);
    }
    const zero = lowRank(matrixOf(new Float32Array(12), 4, 3)).factors(2);
    expect([...zero.p, ...zero.q].every((entry) => entry === 0)).toBe(true);
  });
});

/** Rows made orthonormal by Gram and Schmidt, twice. */
function orthonormal(values: Float64Array, size: number): Float64Array {
  const out = values.slice();
  for (let i = 0; i < size; i++) {
    const row = out.subarray(i * size, (i + 1) * size);
    for (let turn = 0; turn < 2; turn++) {
      for (let j = 0; j < i; j++) {
        const other = out.subarray(j * size, (j + 1) * size);
        const dot = row.reduce((sum, entry, at) => sum + entry * (other[at] ?? 0), 0);
        row.forEach((entry, at) => {
          row[at] = entry - dot * (other[at] ?? 0);
        });
      }
    }
    const norm = Math.sqrt(squaredNorm(row));
    row.forEach((entry, at) => {
      row[at] = entry / norm;
    });
  }
  return out;
}
