import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromFloat16 } from "#engine/onnx/floats.ts";
import { byteView } from "#engine/onnx/make.ts";
import { randomStream } from "../../evaluate/statistics/random.ts";
import { randomFloats } from "../testing/build.ts";
import { initialCentroids } from "./initial.ts";
import { lloyd } from "./lloyd.ts";
import { radixSort } from "./radix-sort.ts";
import { SortedValues } from "./sorted.ts";
import { type TaskInput, work } from "./task.ts";

const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 });
const lists = fc.array(fc.oneof(finite, fc.constantFrom(0, 0.5, -0.25)), { minLength: 1, maxLength: 300 });
const inits = fc.constantFrom("linear", "density", "kmeans++");
const counts = fc.integer({ min: 2, max: 9 });

function cluster(list: readonly number[], options: Partial<TaskInput> = {}) {
  const output = work({
    bytes: byteView(Float32Array.from(list)),
    half: false,
    seed: 1,
    clusters: 4,
    init: "linear",
    preserve_sparsity: true,
    max_iterations: 1000,
    ...options,
  });
  if (output === undefined) throw new Error("the values are finite");
  return output;
}

const numbers = (values: Float32Array | Uint16Array) =>
  Array.from(values instanceof Uint16Array ? fromFloat16(values) : values);

describe("sorted values", () => {
  it("are what comparing sorts, whatever their signs and sizes", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true })), fc.integer({ min: 1, max: 100 }), (part, times) => {
        // Repeated, so that lists are on both sides of the length from which on digits are counted.
        const list = Array.from({ length: times }, () => part).flat();
        expect(radixSort(Float32Array.from(list))).toEqual(Float32Array.from(list).sort());
      }),
    );
  });

  it("know the sum and the number of values below any limit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer(), (count, seed) => {
        const sorted = new SortedValues(randomFloats(count, seed));
        const limit = 0.3;
        const below = sorted.values.filter((value) => value <= limit);
        expect(sorted.countUpTo(limit)).toBe(below.length);
        expect(sorted.sumBefore(below.length)).toBeCloseTo(
          below.reduce((a, b) => a + b, 0),
          9,
        );
        expect(sorted.distinct(10_000)).toBe(new Set(sorted.values).size);
      }),
      { numRuns: 30 },
    );
  });
});

describe("k-means", () => {
  it("gives at most that many values beside zero, keeps zeros, and moves every weight to the nearest value", () => {
    fc.assert(
      fc.property(lists, counts, inits, fc.boolean(), (list, clusters, init, half) => {
        const { values: out, distinct, meanSquaredError } = cluster(list, { clusters, init, half });
        if (out === undefined) return;
        const after = numbers(out);
        expect(new Set(after.filter((value) => value !== 0)).size).toBeLessThanOrEqual(clusters);
        expect(new Set(after).size).toBe(distinct);
        list.forEach((value, at) => {
          if (value === 0) expect(after[at]).toBe(0);
        });
        const codebook = [...new Set(after.filter((_, at) => list[at] !== 0))];
        let sum = 0;
        for (const [at, value] of list.entries()) {
          const gap = Math.abs(value - (after[at] ?? 0));
          sum += gap ** 2;
          if (value !== 0) {
            expect(gap).toBeLessThanOrEqual(
              Math.min(...codebook.map((entry) => Math.abs(entry - value))) + 1e-12,
            );
          }
        }
        expect(sum / list.length).toBeCloseTo(meanSquaredError, 6);
      }),
    );
  });

  it("changes nothing where there are few values already, its own result among them", () => {
    fc.assert(
      fc.property(lists, counts, inits, fc.boolean(), (list, clusters, init, preserve_sparsity) => {
        const { values: once } = cluster(list, { clusters, init, preserve_sparsity });
        if (once === undefined) {
          const present = new Set(
            list.filter((value) => value !== 0 || !preserve_sparsity).map((value) => value || 0),
          );
          expect(present.size).toBeLessThanOrEqual(clusters);
          return;
        }
        expect(cluster(numbers(once), { clusters, init, preserve_sparsity }).values).toBeUndefined();
      }),
    );
  });

  it("has an error no larger than that of the codebook it starts from, and none larger with more rounds", () => {
    fc.assert(
      fc.property(lists, counts, inits, fc.integer(), (list, clusters, init, seed) => {
        const start = cluster(list, { clusters, init, seed, max_iterations: 0 }).meanSquaredError;
        const one = cluster(list, { clusters, init, seed, max_iterations: 1 }).meanSquaredError;
        const all = cluster(list, { clusters, init, seed }).meanSquaredError;
        const tolerance = 1e-9 * Math.max(1, start);
        expect(one).toBeLessThanOrEqual(start);
        expect(all).toBeLessThanOrEqual(start);
        expect(all).toBeLessThanOrEqual(one + tolerance);
      }),
    );
  });

  it("ends where every centroid is the mean of its values", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 2000 }),
        fc.integer(),
        inits,
        counts,
        (count, seed, init, clusters) => {
          const sorted = new SortedValues(randomFloats(count, seed));
          const start = initialCentroids(sorted, clusters, init, randomStream(seed));
          const { centroids, converged } = lloyd(sorted, start, 1000);
          expect(converged).toBe(true);
          for (const [at, centroid] of centroids.entries()) {
            const own = [...sorted.values].filter((value) =>
              centroids.every((other) => Math.abs(other - value) >= Math.abs(centroid - value)),
            );
            if (own.length === 0) continue;
            expect(own.reduce((a, b) => a + b, 0) / own.length, `centroid ${at}`).toBeCloseTo(centroid, 6);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("finds clusters that are plain to see, from every start", () => {
    const list = [-3, -3.1, -2.9, 0, 0, 1, 1.1, 0.9, 8, 8.2];
    for (const init of ["linear", "density", "kmeans++"] as const) {
      const { values } = cluster(list, { clusters: 3, init });
      expect(numbers(values ?? new Float32Array())).toEqual(
        [-3, -3, -3, 0, 0, 1, 1, 1, 8.1, 8.1].map(Math.fround),
      );
    }
  });

  it("starts linearly between the extremes, or evenly over the values", () => {
    const sorted = () => new SortedValues(Float32Array.from([0, 1, 2, 3, 4, 5, 6, 100]));
    expect([...initialCentroids(sorted(), 3, "linear", randomStream(1))]).toEqual([0, 50, 100]);
    expect([...initialCentroids(sorted(), 4, "density", randomStream(1))]).toEqual([1, 3, 5, 100]);
  });

  it("draws by the seed alone", () => {
    const list = [...randomFloats(500, 3)];
    const draw = (seed: number) => cluster(list, { init: "kmeans++", seed, max_iterations: 0 }).values;
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });
});
