import { expect } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { silent } from "../../pass.ts";
import { quantizeBlockwiseSchema } from "../../quantize.blockwise.schema.ts";
import { quantizeBlockwise } from "../../quantize.blockwise.ts";
import { graph, model, value, weight } from "../../testing/build.ts";
import type { Comparer } from "../../testing/compare.ts";
import { dequantizedModel } from "../../testing/dequantize-blocks.ts";
import { type EnglishResult, inEnglish } from "../../testing/in-english.ts";

/** Quantises a copy, in blocks of 16 unless told otherwise. */
export async function quantize(
  source: Model,
  options: object = {},
): Promise<{ result: EnglishResult; changed: Model }> {
  const changed = cloneStructure(source);
  const parsed = quantizeBlockwiseSchema.parse({ use: "quantize.blockwise", block_size: 16, ...options });
  const result = inEnglish(await quantizeBlockwise(changed, parsed, silent));
  expect(modelProblems(changed)).toEqual([]);
  return { result, changed };
}

/** The kernels compute what the integers in the file stand for: exactly in float32, nearly so in int8. */
export async function expectSound(
  comparer: Comparer,
  source: Model,
  changed: Model,
  { cosine = 0.99, level = 4, seed = 1 }: { cosine?: number; level?: number; seed?: number } = {},
) {
  const options = { seed };
  const meant = await comparer.compare(dequantizedModel(changed), changed, options);
  expect(meant.error).toBeUndefined();
  expect(meant.outputs.length).toBeGreaterThan(0);
  for (const { name, maxAbs, rms } of meant.outputs) {
    expect(maxAbs / Math.max(rms, 1e-6), name).toBeLessThan(level === 4 ? 0.06 : 1e-5);
  }
  const { error, outputs } = await comparer.compare(source, changed, options);
  expect(error).toBeUndefined();
  for (const output of outputs) {
    expect(output.finite, output.name).toBe(true);
    expect(output.cosine, output.name).toBeGreaterThan(cosine);
  }
}

export const x = value("x", [4, 64]);

/** A model of matrices of 64 × 64. */
export function dense(nodes: Node[], initializer = [weight("w", [64, 64])], outputs = ["y"]): Model {
  return model(
    graph({ input: [x], output: outputs.map((name) => value(name, ["a", "b"])), node: nodes, initializer }),
  );
}
