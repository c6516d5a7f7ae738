import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inverseFactor } from "#engine/linear-algebra/inverse-factor.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { randomFloats } from "../testing/build.ts";
import { type Blocks, dequantize, type Format } from "./blocks.ts";
import { columnsOf } from "./columns.ts";
import { dampened, type GridFinder, gptq } from "./gptq.ts";
import { roundToNearest } from "./rtn.ts";

interface Vector {
  in: string;
  hessian: string;
  options: {
    group_size: number;
    scheme?: string;
    percdamp?: number;
    actorder?: boolean;
    mse?: boolean;
    blocksize?: number;
  };
  fakeQuantF32: string;
}

const file = sharedData("golden/nbits/nbits-vectors.json");
const golden: {
  inputs: Record<string, { dims: [number, number]; f32?: string; f64?: string }>;
  gptq: Vector[];
} = file === undefined ? { inputs: {}, gptq: [] } : JSON.parse(readFileSync(file, "utf8"));

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, "base64")).buffer;
const floats = (base64: string) => new Float32Array(bytesOf(base64));

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}

function factorOf(gram: Float64Array, n: number): Float64Array {
  const factor = dampened(gram.slice(), n, (matrix) => inverseFactor(matrix, n));
  if (factor === undefined) throw new Error("no factor");
  return factor;
}

/** Σ over the outputs of (w − q)ᵀ H (w − q): the squared error of the layer's outputs on the calibration data. */
function outputError(columns: Float32Array, quantized: Float32Array, gram: Float64Array, n: number): number {
  let total = 0;
  for (let start = 0; start < columns.length; start += n) {
    const left = Array.from(
      { length: n },
      (_, at) => (columns[start + at] ?? 0) - (quantized[start + at] ?? 0),
    );
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) total += left[i]! * left[j]! * gram[i * n + j]!;
  }
  return total;
}

/** Inputs of which each is near the one before, so that errors can be made good. */
function correlated(samples: number, n: number, seed: number): Float64Array {
  const noise = randomFloats(samples * n, seed);
  const gram = new Float64Array(n * n);
  const x = new Float64Array(n);
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < n; i++) x[i] = (i === 0 ? 0 : 0.9 * x[i - 1]!) + noise[sample * n + i]!;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) gram[i * n + j] = gram[i * n + j]! + x[i]! * x[j]!;
  }
  return gram;
}

describe("inverse factor", () => {
  it.each([1, 2, 5, 47, 48, 49, 130])("UᵀU is the inverse of an n×n matrix, n = %i", (n) => {
    const gram = correlated(3 * n, n, 7);
    for (let i = 0; i < n; i++) gram[i * n + i] = gram[i * n + i]! + 1;
    const u = inverseFactor(gram, n);
    if (u === undefined) throw new Error("refused");
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (j < i) expect(u[i * n + j]).toBe(0);
        // (H · UᵀU)_ij
        let sum = 0;
        for (let k = 0; k < n; k++) {
          let inverse = 0;
          for (let l = 0; l <= Math.min(k, j); l++) inverse += u[l * n + k]! * u[l * n + j]!;
          sum += gram[i * n + k]! * inverse;
        }
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(1e-9);
  });

  it("refuses what is not positive definite", () => {
    expect(inverseFactor(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
    expect(inverseFactor(Float64Array.of(Number.NaN), 1)).toBeUndefined();
  });
});

/** `find_params` of ONNX Runtime's GPTQ, in float64: symmetric is ±max over 15 steps around 8. */
const pythonGrid: GridFinder = (values, count, { symmetric }, out) => {
  let min = Math.min(0, ...values.subarray(0, count));
  let max = Math.max(0, ...values.subarray(0, count));
  if (symmetric) {
    max = Math.max(-min, max);
    if (min < 0) min = -max;
  }
  if (min === 0 && max === 0) [min, max] = [-1, 1];
  out.scale = (max - min) / 15;
  const position = -min / out.scale;
  out.zeroPoint = symmetric
    ? 8
    : Math.round(position) - (position % 1 === 0.5 && Math.round(position) % 2 === 1 ? 1 : 0);
  return true;
};

/**
 * GPTQ as its paper derives it (optimal brain surgeon), without the factor: after each row the inverse of the
 * Hessian of the rows that are left, made anew, says how they make the error good.
 */
function byDefinition(
  columns: Float32Array,
  lines: number,
  n: number,
  gram: Float64Array,
  format: Format,
): Float64Array {
  const out = new Float64Array(lines * n);
  const w = Float64Array.from(columns);
  const grids = Array.from({ length: lines }, () => ({ scale: 0, zeroPoint: 0 }));
  for (let i = 0; i < n; i++) {
    const inverse = invert(gram, n, i);
    const size = n - i;
    for (let line = 0; line < lines; line++) {
      const at = line * n;
      const grid = grids[line]!;
      if (i % format.blockSize === 0) {
        const block = Float32Array.from(w.subarray(at + i, at + Math.min(n, i + format.blockSize)));
        pythonGrid(block, block.length, format, grid);
        grid.scale = Math.fround(grid.scale);
      }
      const position = w[at + i]! / grid.scale;
      const rounded = position + 6755399441055744 - 6755399441055744 + grid.zeroPoint;
      out[at + i] = (Math.max(0, Math.min(15, rounded)) - grid.zeroPoint) * grid.scale;
      const error = (w[at + i]! - out[at + i]!) / inverse[0]!;
      for (let j = i; j < n; j++) w[at + j] = w[at + j]! - error * inverse[j - i]!;
    }
    expect(inverse).toHaveLength(size * size);
  }
  return out;
}

/** Inverse of the lower right part of a matrix from row `from` on, by Gauss and Jordan. */
function invert(matrix: Float64Array, n: number, from: number): Float64Array {
  const size = n - from;
  const a = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: 2 * size }, (_, j) =>
      j < size ? matrix[(from + i) * n + from + j]! : j - size === i ? 1 : 0,
    ),
  );
  for (let i = 0; i < size; i++) {
    const pivot = a[i]![i]!;
    a[i] = a[i]!.map((value) => value / pivot);
    for (let j = 0; j < size; j++) {
      const factor = a[j]![i]!;
      if (j !== i) a[j] = a[j]!.map((value, at) => value - factor * a[i]![at]!);
    }
  }
  return Float64Array.from(a.flatMap((row) => [...row.subarray(size)]));
}

const format: Format = { bits: 4, blockSize: 32, symmetric: false, scaleType: "float32" };
const fakeQuantized = (blocks: Blocks | undefined, used: Format) => {
  if (blocks === undefined) throw new Error("refused");
  return dequantize(blocks, used);
};

describe("GPTQ", () => {
  it.each([true, false])("is what its paper derives, symmetric %s", (symmetric) => {
    for (const n of [20, 70]) {
      const gram = correlated(2 * n, n, n);
      for (let i = 0; i < n; i++) gram[i * n + i] = gram[i * n + i]! + 1;
      const columns = randomFloats(6 * n, 3);
      const used = { ...format, symmetric };
      const factor = inverseFactor(gram, n) ?? identity(n);
      const found = fakeQuantized(gptq(columns, 6, n, factor, used, pythonGrid), used);
      const expected = byDefinition(columns, 6, n, gram, used);
      found.forEach((value, at) => {
        expect(Math.abs(value - expected[at]!), `${n} ${at}`).toBeLessThan(1e-5);
      });
    }
  });

  it.each([
    [true, 32],
    [false, 32],
    [false, 16],
    [false, 256],
  ])(
    "does less harm to the outputs than rounding to nearest, symmetric %s, block %i",
    (symmetric, blockSize) => {
      const used = { ...format, symmetric, blockSize };
      for (const [n, lines] of [
        [96, 40],
        [300, 24],
      ] as const) {
        const gram = correlated(4 * n, n, 5);
        const columns = randomFloats(lines * n, 9);
        const nearest = fakeQuantized(roundToNearest(columns, lines, n, used), used);
        const found = fakeQuantized(gptq(columns, lines, n, factorOf(gram, n), used), used);
        const [before, after] = [nearest, found].map((values) => outputError(columns, values, gram, n));
        console.log(
          `${lines}×${n}, block ${blockSize}: squared error ${before?.toFixed(1)} → ${after?.toFixed(1)}`,
        );
        expect(after).toBeLessThan(0.6 * (before ?? 0));
      }
    },
  );

  it("rounds to nearest where inputs do not depend on each other, were never seen or are equal", () => {
    const columns = randomFloats(8 * 64, 4);
    const nearest = roundToNearest(columns, 8, 64, format);
    const diagonal = identity(64);
    for (const row of [3, 4, 40]) diagonal[row * 65] = 0;
    expect(gptq(columns, 8, 64, factorOf(diagonal, 64), format)?.values).toEqual(nearest?.values);
    expect(dampened(new Float64Array(64 * 64), 64, () => 1)).toBeUndefined();
    const equal = new Float64Array(64 * 64).fill(100);
    expect(gptq(columns, 8, 64, factorOf(equal, 64), format)).toBeDefined();
  });
});

describe.skipIf(file === undefined)("GPTQ and ONNX Runtime 1.27.1's", () => {
  const cases = golden.gptq.filter(
    ({ options }) => options.group_size > 0 && !options.actorder && !options.mse && options.group_size !== 64,
  );

  /**
   * ONNX Runtime reads U below its diagonal, where it is zero, so that no row makes good what another got wrong: its
   * outputs do not depend on the Hessian (those of percdamp 0.01 and 0.1 are equal). They are those of a Hessian
   * without correlations.
   */
  it("are equal without correlations", () => {
    let [ties, total] = [0, 0];
    for (const vector of cases) {
      const { dims, f32 = "" } = golden.inputs[vector.in] ?? { dims: [0, 0] };
      const [n, lines] = dims;
      const columns = columnsOf({ data: floats(f32), rows: n, columns: lines, transposed: false });
      const used = { ...format, symmetric: vector.options.scheme === "sym" };
      const blocks = gptq(columns, lines, n, identity(n), used, pythonGrid);
      const found = fakeQuantized(blocks, used);
      const expected = columnsOf({
        data: floats(vector.fakeQuantF32),
        rows: n,
        columns: lines,
        transposed: false,
      });
      found.forEach((value, at) => {
        total++;
        if (Math.abs(value - expected[at]!) <= 1e-6 * Math.max(1, Math.abs(value))) return;
        // Where a symmetric block's value of largest magnitude is negative it lies 7.5 steps from zero: a tie, which
        // falls as the last bit of the scale does. ONNX Runtime's is float64, the one here is that of the file.
        const scale = blocks?.scales[Math.floor(at / n) * Math.ceil(n / 32) + Math.floor((at % n) / 32)] ?? 0;
        expect(Math.abs(Math.abs(columns[at]! / scale) - 7.5), `${vector.in} ${at}`).toBeLessThan(1e-6);
        ties++;
      });
    }
    console.log(`GPTQ: ${ties} ties of ${total} weights fall the other way, ${cases.length} vectors`);
    expect(cases.length).toBe(9);
    expect(ties / total).toBeLessThan(5e-3);
  });

  it("ours does less harm with them", () => {
    for (const vector of cases) {
      const { dims, f32 = "" } = golden.inputs[vector.in] ?? { dims: [0, 0] };
      const [n, lines] = dims;
      const columns = columnsOf({ data: floats(f32), rows: n, columns: lines, transposed: false });
      const hessian = golden.inputs[vector.hessian];
      const gram = hessian?.f64
        ? new Float64Array(bytesOf(hessian.f64))
        : Float64Array.from(floats(hessian?.f32 ?? ""));
      const used = { ...format, symmetric: vector.options.scheme === "sym" };
      const theirs = columnsOf({
        data: floats(vector.fakeQuantF32),
        rows: n,
        columns: lines,
        transposed: false,
      });
      const before = outputError(columns, theirs, gram, n);
      for (const grid of [pythonGrid, undefined]) {
        const ours = fakeQuantized(gptq(columns, lines, n, factorOf(gram, n), used, grid), used);
        const after = outputError(columns, ours, gram, n);
        console.log(
          `${vector.in} ${JSON.stringify(vector.options)} ${grid ? "python" : "range"}: ${before.toPrecision(4)} → ${after.toPrecision(4)}`,
        );
        expect(after, vector.in).toBeLessThan(before);
      }
    }
  });
});
