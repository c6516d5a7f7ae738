import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { Emitter } from "../autodiff/emitter.ts";
import type { Operand } from "../autodiff/operand.ts";
import { sizeOf } from "../autodiff/operand.ts";
import { seeds } from "../autodiff/testing/arbitraries.ts";
import { spread } from "../autodiff/testing/case.ts";
import { crossEntropy, maskedCrossEntropy } from "./cross-entropy.ts";
import { cosineDistance, perPlace, softenedBinaryDivergence, softenedDivergence } from "./imitation.ts";
import type { LossNodes } from "./loss.ts";
import { bayesianRanking } from "./ranking.ts";
import { binaryCrossEntropy, huber, meanSquaredError } from "./regression.ts";

type Rows = readonly Float64Array[];

interface LossCheck {
  readonly name: string;
  readonly emit: (emit: Emitter, prediction: Operand, target: Operand) => LossNodes;
  /** In float64, from rows of the last axis. */
  readonly formula: (prediction: Rows, target: Rows) => number;
  /** Target of a prediction [rows, columns]. */
  readonly target: "class" | "class or none" | "probability" | "same" | "none";
}

const log = Math.log;
const softmax = (row: Float64Array, temperature = 1): Float64Array => {
  const top = Math.max(...row);
  const powers = row.map((value) => Math.exp((value - top) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const flat = (rows: Rows) => rows.flatMap((row) => [...row]);
const norm = (row: Float64Array) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));

const checks: readonly LossCheck[] = [
  {
    name: "cross-entropy",
    emit: (emit, y, t) => crossEntropy(emit, y, t),
    formula: (y, t) => mean(y.map((row, at) => -log(softmax(row)[t[at]?.[0] ?? 0] ?? 0))),
    target: "class",
  },
  {
    name: "cross-entropy with label smoothing",
    emit: (emit, y, t) => crossEntropy(emit, y, t, { smoothing: 0.1 }),
    formula: (y, t) =>
      mean(
        y.map((row, at) =>
          softmax(row).reduce(
            (sum, p, k) => sum - log(p) * ((k === t[at]?.[0] ? 0.9 : 0) + 0.1 / row.length),
            0,
          ),
        ),
      ),
    target: "class",
  },
  {
    name: "masked cross-entropy",
    emit: (emit, y, t) => maskedCrossEntropy(emit, y, t),
    formula: (y, t) => {
      const asked = y.flatMap((row, at) => {
        const label = t[at]?.[0] ?? -1;
        return label < 0 ? [] : [-log(softmax(row)[label] ?? 0)];
      });
      return asked.length === 0 ? 0 : mean(asked);
    },
    target: "class or none",
  },
  {
    name: "mean squared error",
    emit: meanSquaredError,
    formula: (y, t) => mean(flat(y).map((value, at) => (value - (flat(t)[at] ?? 0)) ** 2)),
    target: "same",
  },
  {
    name: "Huber",
    emit: (emit, y, t) => huber(emit, y, t, 0.75),
    formula: (y, t) =>
      mean(
        flat(y).map((value, at) => {
          const error = Math.abs(value - (flat(t)[at] ?? 0));
          return error <= 0.75 ? error ** 2 / 2 : 0.75 * (error - 0.375);
        }),
      ),
    target: "same",
  },
  {
    name: "binary cross-entropy",
    emit: binaryCrossEntropy,
    formula: (y, t) =>
      mean(
        flat(y).map((value, at) => {
          const p = 1 / (1 + Math.exp(-value));
          const wanted = flat(t)[at] ?? 0;
          return -wanted * log(p) - (1 - wanted) * log(1 - p);
        }),
      ),
    target: "probability",
  },
  {
    name: "Bayesian personalised ranking",
    emit: (emit, y) => bayesianRanking(emit, y),
    formula: (y) => {
      const scores = flat(y);
      const pairs = scores.length / 2;
      return mean(scores.slice(0, pairs).map((s, at) => log(1 + Math.exp((scores[at + pairs] ?? 0) - s))));
    },
    target: "none",
  },
  ...[1, 4].map(
    (temperature): LossCheck => ({
      name: `softened divergence, temperature ${temperature}`,
      emit: (emit, y, t) => softenedDivergence(emit, y, t, temperature),
      formula: (y, t) =>
        temperature ** 2 *
        mean(
          y.map((row, at) => {
            const [ours, theirs] = [softmax(row, temperature), softmax(t[at] ?? row, temperature)];
            return theirs.reduce((sum, p, k) => sum + p * (log(p) - log(ours[k] ?? 0)), 0);
          }),
        ),
      target: "same",
    }),
  ),
  ...[1, 4].map(
    (temperature): LossCheck => ({
      name: `softened divergence of yes and no, temperature ${temperature}`,
      emit: (emit, y, t) => softenedBinaryDivergence(emit, y, t, temperature),
      formula: (y, t) => {
        const sigmoid = (value: number) => 1 / (1 + Math.exp(-value / temperature));
        const wanted = flat(t).map(sigmoid);
        const each = flat(y).map((value, at) => {
          const [p, q] = [wanted[at] ?? 0, sigmoid(value)];
          return p * log(p / q) + (1 - p) * log((1 - p) / (1 - q));
        });
        return temperature ** 2 * mean(each);
      },
      target: "same",
    }),
  ),
  {
    name: "cosine distance",
    emit: cosineDistance,
    formula: (y, t) =>
      mean(
        y.map((row, at) => {
          const other = t[at] ?? row;
          return (
            1 - row.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0) / (norm(row) * norm(other))
          );
        }),
      ),
    target: "same",
  },
];

const shapes = 100;

describe.each(checks)("$name", ({ name, emit: write, formula, target: kind }) => {
  it("equals its formula, and its gradient finite differences in float64", async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 5 }),
        seeds,
        async (half, columns, seed) => {
          const dims = [2 * half, columns];
          const y = spread(dims, seed);
          const labels = Array.from({ length: 2 * half }, (_, at) => (seed + 7 * at) % columns);
          if (kind === "class or none")
            for (let at = seed % 2; at < labels.length; at += 2) labels[at] = -100;
          const classes: HostTensor = {
            dtype: "int64",
            dims: [2 * half],
            data: BigInt64Array.from(labels, BigInt),
          };
          const numbers = kind === "probability" ? spread(dims, seed + 1, 0, 1) : spread(dims, seed + 1);
          const isClass = kind === "class" || kind === "class or none";
          const target = isClass
            ? classes
            : ({ dtype: "float32", dims, data: Float32Array.from(numbers.data) } as const);
          const found = await run(write, y.dims, Float32Array.from(y.data), target);
          const targetRows = isClass
            ? labels.map((label) => Float64Array.of(label))
            : rows(numbers.data, columns);
          const value = (data: Float64Array) => formula(rows(data, columns), targetRows);
          expect(found.loss).toBeCloseTo(value(y.data), 4);
          found.gradient.forEach((entry, at) => {
            const moved = (by: number) => value(y.data.with(at, (y.data[at] ?? 0) + by));
            expect(entry, `element ${at}`).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 4);
          });
          checked++;
        },
      ),
      { numRuns: shapes },
    );
    console.info(`${name}: ${checked} random shapes against finite differences`);
  });
});

it("a loss of rows goes over the places of an image", async () => {
  const [items, channels, places] = [2, 3, 4];
  const [y, t] = [spread([items, channels, 2, 2], 3), spread([items, channels, 2, 2], 4)];
  const rowsOf = (data: Float64Array) =>
    Array.from({ length: items * places }, (_, at) => {
      const [item, place] = [Math.floor(at / places), at % places];
      return Float64Array.from(
        { length: channels },
        (__, k) => data[(item * channels + k) * places + place] ?? 0,
      );
    });
  const cosine = checks.find(({ name }) => name === "cosine distance")?.formula ?? (() => Number.NaN);
  const value = (data: Float64Array) => cosine(rowsOf(data), rowsOf(t.data));
  const target = { dtype: "float32", dims: t.dims, data: Float32Array.from(t.data) } as const;
  const found = await run(perPlace(cosineDistance), y.dims, Float32Array.from(y.data), target);
  expect(found.loss).toBeCloseTo(value(y.data), 5);
  found.gradient.forEach((entry, at) => {
    const moved = (by: number) => value(y.data.with(at, (y.data[at] ?? 0) + by));
    expect(entry, `element ${at}`).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 4);
  });
});

it("masked cross-entropy of nothing is 0", async () => {
  const labels: HostTensor = { dtype: "int64", dims: [2], data: BigInt64Array.of(-100n, -1n) };
  const found = await run(
    (emit, y, t) => maskedCrossEntropy(emit, y, t),
    [2, 3],
    new Float32Array(6).fill(2),
    labels,
  );
  expect(found.loss).toBe(0);
  expect([...found.gradient].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
});

it("binary cross-entropy of large logits is finite", async () => {
  const target = { dtype: "float32", dims: [1, 2], data: Float32Array.of(0, 1) } as const;
  const found = await run(binaryCrossEntropy, [1, 2], Float32Array.of(200, -300), target);
  expect(found.loss).toBe(250);
  expect([...found.gradient]).toEqual([0.5, -0.5]);
});

function rows(data: Float64Array, columns: number): Float64Array[] {
  return Array.from({ length: data.length / columns }, (_, at) =>
    data.subarray(at * columns, (at + 1) * columns),
  );
}

async function run(
  write: LossCheck["emit"],
  dims: readonly number[],
  data: Float32Array,
  target: HostTensor,
): Promise<{ loss: number; gradient: Float32Array }> {
  let count = 0;
  const emit = new Emitter((wanted) => `${wanted}_${count++}`);
  const nodes = write(emit, { name: "y", dims }, { name: "t", dims: target.dims });
  const session = await loadExecutable(
    makeModel(
      makeGraph({
        node: emit.nodes,
        input: [makeValue("y", "float32", dims), makeValue("t", target.dtype as "float32", target.dims)],
        output: [nodes.loss, nodes.gradient].map(({ name }) => makeValue(name, "float32")),
        initializer: emit.initializers,
      }),
      { opset: 18 },
    ),
  );
  try {
    const results = await session.run({ y: { dtype: "float32", dims, data }, t: target });
    const [loss, gradient] = [results[nodes.loss.name]?.data, results[nodes.gradient.name]];
    expect(gradient?.dims).toEqual(dims);
    expect(sizeOf(results[nodes.loss.name]?.dims ?? [9])).toBe(1);
    return { loss: Number(loss?.[0]), gradient: gradient?.data as Float32Array };
  } finally {
    await session.release();
  }
}
