import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Attribute, Model } from "#engine/onnx/model.ts";
import { runStep } from "./index.ts";
import { type CalibrationData, silent } from "./pass.ts";
import { pruneMagnitudeSchema } from "./prune.magnitude.schema.ts";
import { pruneMagnitude } from "./prune.magnitude.ts";
import { pruneWandaSchema } from "./prune.wanda.schema.ts";
import { pruneWanda, rowCount } from "./prune.wanda.ts";
import { floats, graph, model, node, randomFloats, value, weight } from "./testing/build.ts";
import { calibrating, floatInput, itemsOf, valueError } from "./testing/calibration.ts";
import { inEnglish } from "./testing/in-english.ts";
import { valuesOf } from "./testing/values.ts";

async function prune(source: Model, calibration: CalibrationData, options: object = {}) {
  const changed = cloneStructure(source);
  const parsed = pruneWandaSchema.parse({ use: "prune.wanda", ...options });
  return { result: inEnglish(await pruneWanda(changed, parsed, calibrating(calibration))), changed };
}

async function byMagnitude(source: Model, sparsity: number): Promise<Model> {
  const changed = cloneStructure(source);
  const options = { use: "prune.magnitude", scope: "layer", sparsity };
  await pruneMagnitude(changed, pruneMagnitudeSchema.parse(options), silent);
  return changed;
}

/** y = op(x, w), for an x of [items, inputs]. */
function single(opType: string, dims: number[], data: ArrayLike<number>, attribute: Attribute[] = []): Model {
  return model(
    graph({
      input: [value("x", ["n", "k"])],
      output: [value("y", ["n", "m"])],
      node: [node(opType, ["x", "w"], ["y"], attribute)],
      initializer: [floats("w", dims, Array.from(data))],
    }),
  );
}

const rows = itemsOf(
  { x: floatInput([1, 4], Float32Array.of(1, 0, 2, 0.1)) },
  { x: floatInput([2, 4], Float32Array.of(0, 0, 2, 0, 0, 0, 0, 0.1)) },
);

describe("the score", () => {
  // Norms of the four inputs: 1, 0, √8, √0.02. Weights [K, N] = [4, 2].
  const data = [1, 9, 9, 9, 0.5, 0.1, 4, 4];

  it("is weight times norm of what it meets, compared within an output", async () => {
    const { changed, result } = await prune(single("MatMul", [4, 2], data), rows);
    // Column 0 scores 1, 0, 1.41, 0.57; column 1 scores 9, 0, 0.28, 0.57.
    expect(valuesOf(changed, "w")).toEqual([1, 9, 0, 0, 0.5, 0, 0, 4].map(Math.fround));
    expect(result.changed.map(({ name }) => name)).toEqual(["model", "w"]);
  });

  it("sees Gemm with transB as the same matrix", async () => {
    const flipped = [0, 2, 4, 6, 1, 3, 5, 7].map((at) => data[at] ?? 0);
    const { changed } = await prune(single("Gemm", [2, 4], flipped, [makeInt("transB", 1)]), rows);
    expect(valuesOf(changed, "w")).toEqual([1, 0, 0.5, 0, 9, 0, 0, 4].map(Math.fround));
  });

  it("sees a left operand's inputs in the rows of the right one, and transposed ones in its columns", async () => {
    const items = itemsOf({ x: floatInput([2, 3], Float32Array.of(10, 0, 0, 0.1, 0, 0)) });
    const left = (attribute: Attribute[], opType: string) =>
      model(
        graph({
          input: [value("x", ["a", "b"])],
          output: [value("y", ["n", "m"])],
          node: [node(opType, ["w", "x"], ["y"], attribute)],
          initializer: [floats("w", [1, 2], [1, 2])],
        }),
      );
    expect(valuesOf((await prune(left([], "MatMul"), items)).changed, "w")).toEqual([1, 0]);
    const turned = itemsOf({ x: floatInput([3, 2], Float32Array.of(10, 0.1, 0, 0, 0, 0)) });
    const { changed } = await prune(left([makeInt("transB", 1)], "Gemm"), turned);
    expect(valuesOf(changed, "w")).toEqual([1, 0]);
  });

  it("falls back to the magnitude where an input is always zero", async () => {
    const zeros = itemsOf({ x: floatInput([1, 4], new Float32Array(4)) });
    const { changed } = await prune(single("MatMul", [4, 1], [1, -3, 2, 3]), zeros);
    expect(valuesOf(changed, "w")).toEqual([0, -3, 0, 3]);
  });

  it("adds up what all nodes that share a weight see", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 2]), value("z", [1, 2])],
        output: [value("y", [1, 1])],
        node: [
          node("MatMul", ["x", "w"], ["a"]),
          node("MatMul", ["z", "w"], ["b"]),
          node("Add", ["a", "b"], ["y"]),
        ],
        initializer: [floats("w", [2, 1], [1, 1.5])],
      }),
    );
    const items = itemsOf({
      x: floatInput([1, 2], Float32Array.of(1, 1)),
      z: floatInput([1, 2], Float32Array.of(3, 0)),
    });
    expect(valuesOf((await prune(source, items)).changed, "w")).toEqual([1, 0]);
  });

  it("of a convolution in groups follows each group's own channels", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 4, 2])],
        output: [value("y", [1, 2, 2])],
        node: [node("Conv", ["x", "w"], ["y"], [makeInt("group", 2), makeInts("kernel_shape", [1])])],
        initializer: [floats("w", [2, 2, 1], [1, 2, 1, 2])],
      }),
    );
    const items = itemsOf({ x: floatInput([1, 4, 2], Float32Array.of(9, 9, 1, 1, 1, 1, 9, 9)) });
    // In the first group channel 0 is loud, in the second channel 3.
    expect(valuesOf((await prune(source, items)).changed, "w")).toEqual([1, 0, 0, 2]);
  });

  it("of a convolution counts padding as nothing", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 1, 3])],
        output: [value("y", [1, 1, 3])],
        node: [node("Conv", ["x", "w"], ["y"], [makeInts("pads", [1, 1])])],
        initializer: [floats("w", [1, 1, 3], [1, 1, 1])],
      }),
    );
    // The weights see [0, 1, 0], [1, 0, 5] and [0, 5, 0] of an input of [1, 0, 5]: squares 1, 26 and 25.
    const items = itemsOf({ x: floatInput([1, 1, 3], Float32Array.of(1, 0, 5)) });
    expect(valuesOf((await prune(source, items, { sparsity: 0.34 })).changed, "w")).toEqual([0, 1, 1]);
  });

  it("forgets what fills up a fixed batch", async () => {
    // Items [0, 4] and [3, 0]; the second one is repeated three times to make a batch of four.
    const x = floatInput([4, 2], Float32Array.of(0, 4, 3, 0, 3, 0, 3, 0));
    const filled = {
      ...itemsOf({ x }),
      batches: () => [{ feeds: { x }, rows: Uint32Array.of(0, 1), size: 4 }],
    };
    expect(valuesOf((await prune(single("MatMul", [2, 1], [1, 1]), filled)).changed, "w")).toEqual([0, 1]);
  });
});

describe("how many weights become zero", () => {
  it("⌊s · inputs⌋ of every output, whatever the values", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer(),
        fc.constantFrom(0, 0.25, 0.29, 0.5, 0.7, 0.9, 1),
        fc.boolean(),
        async (inputs, outputs, seed, sparsity, ties) => {
          const data = randomFloats(inputs * outputs, seed).map((entry) => (ties ? Math.sign(entry) : entry));
          const x = ties ? new Float32Array(2 * inputs).fill(1) : randomFloats(2 * inputs, seed + 1);
          const items = itemsOf({ x: floatInput([2, inputs], x) });
          const { changed } = await prune(single("MatMul", [inputs, outputs], data), items, { sparsity });
          const after = valuesOf(changed, "w");
          for (let column = 0; column < outputs; column++) {
            const entries = Array.from({ length: inputs }, (_, k) => after[k * outputs + column]);
            expect(entries.filter((entry) => entry === 0)).toHaveLength(rowCount(inputs, sparsity));
          }
          after.forEach((entry, at) => void (entry === 0 || expect(entry).toBe(data[at])));
        },
      ),
    );
  });

  it("is a whole number where the product stands for one", () => {
    expect(rowCount(100, 0.29)).toBe(29);
    expect(rowCount(10, 0.55)).toBe(5);
    expect(rowCount(3, 1)).toBe(3);
  });

  it("all but n of every m inputs where that is asked for", async () => {
    const data = randomFloats(8 * 3, 4);
    const items = itemsOf({ x: floatInput([2, 8], randomFloats(16, 5)) });
    const { changed } = await prune(single("MatMul", [8, 3], data), items, { n: 1, m: 4 });
    const after = valuesOf(changed, "w");
    for (let column = 0; column < 3; column++) {
      for (const from of [0, 4]) {
        const group = [0, 1, 2, 3].map((k) => after[(from + k) * 3 + column]);
        expect(group.filter((entry) => entry !== 0)).toHaveLength(1);
      }
    }
  });
});

it("does less harm than magnitude pruning where inputs differ in size", async () => {
  const [inputs, outputs, items] = [32, 8, 40];
  // Half of the inputs are a hundred times as large as the others.
  const x = randomFloats(items * inputs, 3).map((entry, at) => entry * (at % 2 === 0 ? 1 : 0.01));
  const calibration = itemsOf({ x: floatInput([items, inputs], x) });
  const source = single("MatMul", [inputs, outputs], randomFloats(inputs * outputs, 4));
  const { changed } = await prune(source, calibration);
  const wanda = await valueError(source, changed, "y", calibration);
  const magnitude = await valueError(source, await byMagnitude(source, 0.5), "y", calibration);
  console.log(
    `inputs of different size, 50 %: error ${wanda.toFixed(4)} by wanda, ${magnitude.toFixed(4)} by magnitude`,
  );
  expect(wanda).toBeLessThan(magnitude / 10);
});

describe("what is left alone", () => {
  it("stacks, other operators, and weights that meet a constant", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 4, 4]), value("i", [1], "int64")],
        output: [value("y", [2, 4, 4]), value("g", [1, 4]), value("k", [4, 4])],
        node: [
          node("MatMul", ["x", "stack"], ["y"]),
          node("Gather", ["table", "i"], ["g"]),
          node("MatMul", ["one", "other"], ["k"]),
        ],
        initializer: [
          weight("stack", [2, 4, 4]),
          weight("table", [4, 4]),
          weight("one", [4, 4]),
          weight("other", [4, 4]),
        ],
      }),
    );
    const { result, changed } = await prune(source, itemsOf());
    expect(changed).toEqual(source);
    const reasons = new Map(result.skipped.map(({ name, reason }) => [name, reason]));
    expect(reasons.get("stack")).toContain("stack of matrices");
    expect(reasons.get("table")).toContain("Gather");
    expect(reasons.get("one")).toContain("by a constant");
  });

  it("weights whose inputs are not finite, or which saw nothing", async () => {
    const odd = itemsOf({ x: floatInput([1, 4], Float32Array.of(1, Number.NaN, 1, 1)) });
    const source = single("MatMul", [4, 1], [1, 2, 3, 4]);
    expect((await prune(source, odd)).result.skipped[0]?.reason).toContain("not finite");
    expect((await prune(source, itemsOf())).result.skipped[0]?.reason).toBe("there are no calibration items");
  });

  it("everything, where there is no data", async () => {
    const step = pruneWandaSchema.parse({ use: "prune.wanda" });
    const result = await runStep<"prune.wanda">(single("MatMul", [4, 1], [1, 2, 3, 4]), step, silent);
    expect(english(result.skipped[0]?.reason ?? "")).toContain("needs data to calibrate on");
  });
});

it("takes either a sparsity or groups", () => {
  const parse = (options: object) => pruneWandaSchema.safeParse({ use: "prune.wanda", ...options }).success;
  expect(parse({})).toBe(true);
  expect(parse({ n: 2 })).toBe(false);
  expect(parse({ n: 2, m: 4 })).toBe(true);
  expect(parse({ n: 4, m: 4 })).toBe(false);
  expect(parse({ n: 2, m: 4, sparsity: 0.5 })).toBe(false);
});
