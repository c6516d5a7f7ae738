import { describe, expect, it } from "vitest";
import { validateModel } from "#engine/graph/validate.ts";
import { inspectModel } from "#engine/inspect.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { architectureSchema } from "./architecture.schema.ts";
import { buildArchitecture } from "./index.ts";
import { feedsOf } from "./testing/batch.ts";

/** Weights of a residual network of three stages with one block each: stem, blocks, two shortcuts, head; 4 for each norm. */
const resnet8 =
  16 * 27 + 2 * 16 * 144 + (32 * 144 + 32 * 288 + 32 * 16) + (64 * 288 + 64 * 576 + 64 * 32) + 650;
const norms = 4 * (16 * 3 + 32 * 3 + 64 * 3);

const specs: readonly { readonly spec: object; readonly parameters: number }[] = [
  { spec: { kind: "mlp", input: [784], outputs: 10 }, parameters: 266_610 },
  { spec: { kind: "mlp", input: [1, 28, 28], hidden: [], outputs: 10 }, parameters: 7_850 },
  { spec: { kind: "lenet-5", input: [1, 28, 28], outputs: 10 }, parameters: 431_080 },
  { spec: { kind: "resnet", input: [3, 32, 32], outputs: 10 }, parameters: resnet8 + norms },
  {
    spec: { kind: "mobilenet", input: [3, 32, 32], outputs: 10, blocks: 2 },
    // Stem, a block of 16 → 16 and one of 16 → 32, head; four numbers a channel for each of five norms.
    parameters: 16 * 27 + (16 * 9 + 16 * 16) + (16 * 9 + 16 * 32) + (32 * 10 + 10) + 4 * (16 * 4 + 32),
  },
  {
    spec: { kind: "text-cnn", vocabulary: 100, length: 12, outputs: 3, width: 8, filters: 4 },
    parameters: 800 + 4 * 8 * 12 + 12 + 12 * 3 + 3,
  },
  {
    spec: { kind: "transformer", vocabulary: 50, length: 9, outputs: 2, width: 16, heads: 4, layers: 2 },
    // Tables; for each layer four and two projections and two norms; the last norm and the head.
    parameters: 50 * 16 + 9 * 16 + 2 * (4 * 272 + (16 * 64 + 64) + (64 * 16 + 16) + 64) + 32 + 34,
  },
  {
    spec: { kind: "lstm", vocabulary: 50, length: 6, outputs: 2, width: 8, hidden: 16 },
    parameters: 400 + 64 * 8 + 64 * 16 + 128 + 34,
  },
  { spec: { kind: "matrix-factorization", users: 20, items: 30, width: 4 }, parameters: 50 * 5 },
  {
    spec: { kind: "two-tower", users: 20, items: 30, width: 4, hidden: [8] },
    parameters: 50 * 4 + 2 * (4 * 8 + 8 + 8 * 4 + 4),
  },
];

describe("the catalogue", () => {
  it.each(specs)(
    "builds $spec: valid, as large as it should be, and it runs",
    async ({ spec: given, parameters }) => {
      const spec = architectureSchema.parse(given);
      const model = buildArchitecture(spec, 1);
      validateModel(model);
      const scalars = model.graph.initializer.filter(
        ({ dims, dataType }) => dims.length === 0 && dataType === 1,
      ).length;
      expect(inspectModel(model, { bytes: 1 }).parameters - scalars).toBe(parameters);
      const session = await loadExecutable(model);
      const results = await session.run(feedsOf(spec, 3));
      await session.release();
      const [output] = Object.values(results);
      expect(output?.dims).toEqual([3, "outputs" in spec ? spec.outputs : 1]);
      if (!(output?.data instanceof Float32Array)) throw new Error("the output is float32");
      const values = [...output.data];
      expect(values.every(Number.isFinite)).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(1);
    },
  );

  it.each(specs)("follows from the seed: $spec", ({ spec: given }) => {
    const spec = architectureSchema.parse(given);
    const bytes = (seed: number) => joinChunks(encodeModel(buildArchitecture(spec, seed)));
    expect(bytes(3)).toEqual(bytes(3));
    expect(bytes(3)).not.toEqual(bytes(4));
  });

  it("says which numbers do not go together", () => {
    const build = (spec: object) => () => buildArchitecture(architectureSchema.parse(spec), 1);
    const words = { vocabulary: 10, length: 3, outputs: 2 };
    expect(build({ kind: "text-cnn", ...words, kernels: [2, 5] })).toThrow(/wider than the 3 words/);
    expect(build({ kind: "transformer", ...words, width: 10, heads: 4 })).toThrow(/4 heads do not divide/);
    expect(build({ kind: "lenet-5", input: [1, 12, 28], outputs: 2 })).toThrow(/16 × 16/);
    expect(build({ kind: "matrix-factorization", users: 10_000_000, items: 2, width: 64 })).toThrow(
      /This architecture has 650,000,130 parameters/,
    );
  });
});
