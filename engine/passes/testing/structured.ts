import { cloneStructure } from "#engine/graph/clone.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { silent } from "../pass.ts";
import { type PruneStructuredOptions, pruneStructuredSchema } from "../prune.structured.schema.ts";
import { pruneStructured } from "../prune.structured.ts";
import { graph, model, node, value, weight } from "./build.ts";
import type { Comparer } from "./compare.ts";
import { type EnglishResult, inEnglish } from "./in-english.ts";
import { maskUnits } from "./mask-units.ts";

/** Options of structured pruning, defaults filled in. */
export function structured(options: object = {}): PruneStructuredOptions {
  return pruneStructuredSchema.parse({ use: "prune.structured", ...options });
}

/** Prunes a copy. */
export async function prune(
  source: Model,
  options: object = {},
): Promise<{ result: EnglishResult; changed: Model }> {
  const changed = cloneStructure(source);
  const result = inEnglish(await pruneStructured(changed, structured(options), silent));
  return { result, changed };
}

/**
 * Prunes, and makes sure that the result computes what the original does with the weights of the removed units zero.
 *
 * @throws Error where it does not
 */
export async function pruneExactly(comparer: Comparer, source: Model, options: object = {}) {
  const { result, changed } = await prune(source, options);
  const [problem] = modelProblems(changed);
  if (problem !== undefined) throw problem;
  const masked = maskUnits(source, structured(options));
  if (masked === undefined || result.changed.length === 0) throw new Error(JSON.stringify(result.skipped));
  const { error, outputs } = await comparer.compare(masked, changed, { dims: { batch: 2, sequence: 5 } });
  if (error !== undefined) throw new Error(error);
  for (const { name, maxAbs, rms, finite } of outputs) {
    if (finite && rms > 0 && maxAbs < 1e-4 * (rms + 1)) continue;
    throw new Error(`${name}: differs by ${maxAbs}, root mean square ${rms}`);
  }
  return { result, changed };
}

export function dimsOf(source: Model, name: string): number[] {
  const tensor = source.graph.initializer.find((entry) => entry.name === name);
  if (tensor === undefined) throw new Error(`no initialiser ${name}`);
  return tensor.dims;
}

/** x [2, 4] → `inner` → y [2, 3]. */
export function dense(inner: Node[], initializer: Tensor[]): Model {
  return model(
    graph({ input: [value("x", [2, 4])], output: [value("y", [2, 3])], node: inner, initializer }),
  );
}

/** Two layers with ten neurons between. */
export function mlp(): Model {
  return dense(
    [node("Gemm", ["x", "a", "ab"], ["h"]), node("Relu", ["h"], ["r"]), node("Gemm", ["r", "b"], ["y"])],
    [weight("a", [4, 10], 1), weight("ab", [10], 2), weight("b", [10, 3], 3)],
  );
}
