import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import type { Model } from "#engine/onnx/model.ts";
import { silent } from "./pass.ts";
import { pruneNormalizedSchema } from "./prune.normalized.schema.ts";
import { pruneNormalized, statistics } from "./prune.normalized.ts";
import { momentsOf } from "./prune-normalized/moments.ts";
import { floats, graph, model, node, randomFloats, value } from "./testing/build.ts";
import { inEnglish } from "./testing/in-english.ts";
import { valuesOf } from "./testing/values.ts";

function layers(weights: Record<string, readonly number[]>): Model {
  const names = Object.keys(weights);
  return model(
    graph({
      input: [value("x", [1, 2])],
      output: [value("y", [1, 2])],
      node: names.map((name, at) =>
        node("MatMul", [at === 0 ? "x" : `h${at}`, name], [at === names.length - 1 ? "y" : `h${at + 1}`]),
      ),
      initializer: Object.entries(weights).map(([name, data]) =>
        floats(name, [2, data.length / 2], [...data]),
      ),
    }),
  );
}

async function prune(source: Model, options: object = {}) {
  const changed = cloneStructure(source);
  const parsed = pruneNormalizedSchema.parse({ use: "prune.normalized", ...options });
  return { result: inEnglish(await pruneNormalized(changed, parsed, silent)), changed };
}

describe("the statistics", () => {
  it("are those of the formulas", () => {
    const data = Float32Array.of(3, -4, 0, 1);
    expect(statistics.max(momentsOf(data))).toBe(4);
    expect(statistics.l2(momentsOf(data))).toBe(Math.sqrt(26));
    // Mean 0, so the squares about it are the squares.
    expect(statistics.std(momentsOf(data))).toBe(Math.sqrt(26 / 4));
    expect(statistics.std(momentsOf(Float32Array.of(2, 4)))).toBe(1);
    expect(statistics.std(momentsOf(Float32Array.of(5, 5, 5, 5)))).toBe(0);
  });
});

describe("which weights become zero", () => {
  it("those below the threshold relative to their own tensor, whatever its scale", async () => {
    const row = [0.1, -0.4, 0.5, 1];
    for (const scale of [1, 1024]) {
      const scaled = row.map((entry) => entry * scale);
      const { changed } = await prune(layers({ w: scaled }), { by: "max", threshold: 0.5 });
      expect(valuesOf(changed, "w")).toEqual([0, 0, 0.5 * scale, scale]);
    }
  });

  it("by standard deviation and a quarter of it where nothing is said", async () => {
    // Deviation √(26/4) = 2.55, a quarter of it 0.637.
    const { changed } = await prune(layers({ w: [3, -4, 0.6, 1] }));
    expect(valuesOf(changed, "w")).toEqual([3, -4, 0, 1]);
  });

  it("exactly |w| / statistic < threshold, of any values", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.constantFrom("max", "l2", "std"),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        async (seed, by, threshold) => {
          const data = randomFloats(40, seed);
          const statistic = statistics[by](momentsOf(data));
          const { changed } = await prune(layers({ w: [...data] }), { by, threshold });
          const expected = [...data].map((entry) => (Math.abs(entry) / statistic < threshold ? 0 : entry));
          expect(valuesOf(changed, "w")).toEqual(expected);
        },
      ),
    );
  });

  it("a second time none, where the statistic is the maximum", async () => {
    const once = await prune(layers({ w: [...randomFloats(40, 3)] }), { by: "max", threshold: 0.3 });
    expect(once.result.changed.length).toBeGreaterThan(0);
    const twice = await prune(once.changed, { by: "max", threshold: 0.3 });
    expect(twice.result.changed).toEqual([]);
    expect(twice.result.skipped[0]?.reason).toContain("zero already");
  });
});

describe("what is left alone", () => {
  it("tensors without spread, protected ones and those that are not finite", async () => {
    const { result, changed } = await prune(
      layers({
        flat: [1, 1, 1, 1],
        odd: [1, Number.NaN, 0.01, 1],
        shielded: [1, 0.01, 1, 1],
        w: [3, -4, 0.6, 1],
      }),
      { protect: ["shielded"] },
    );
    expect(result.changed.map(({ name }) => name)).toEqual(["model", "w"]);
    const reasons = Object.fromEntries(result.skipped.map(({ name, reason }) => [name, reason]));
    expect(reasons.flat).toContain("standard deviation of its values is zero");
    expect(reasons.odd).toBe("its values are not finite");
    expect(reasons.shielded).toBe("protected by name");
    expect(valuesOf(changed, "flat")).toEqual([1, 1, 1, 1]);
    const zero = (await prune(layers({ w: [0, 0, 0, 0] }), { by: "l2", threshold: 0.1 })).result;
    expect(zero.skipped[0]?.reason).toContain("norm is zero");
  });

  it("says so where a tensor is emptied", async () => {
    const { result } = await prune(layers({ w: [3, -4, 0.6, 1] }), { threshold: 100 });
    expect(result.warnings[0]).toContain('Nothing is left of "w"');
  });
});

it("takes a threshold for granted only with the standard deviation", () => {
  const parse = (options: object) =>
    pruneNormalizedSchema.safeParse({ use: "prune.normalized", ...options }).success;
  expect(parse({})).toBe(true);
  expect(parse({ by: "max" })).toBe(false);
  expect(parse({ by: "l2" })).toBe(false);
  expect(parse({ by: "l2", threshold: 0.01 })).toBe(true);
  expect(parse({ by: "max", threshold: 1.5 })).toBe(false);
  expect(parse({ threshold: 1.5 })).toBe(true);
});
