import { indexModel } from "#engine/graph/index.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark } from "#engine/say.ts";
import type { Skip } from "../pass.ts";
import type { PruneStructuredOptions } from "../prune.structured.schema.ts";
import { shapeConflict } from "../prune-structured/check.ts";
import { Cut } from "../prune-structured/cut.ts";
import { unitImportance } from "../prune-structured/importance.ts";
import { planPruning } from "../prune-structured/plan.ts";
import { rewrite } from "../prune-structured/rewrite.ts";

export interface CutResult {
  readonly removed: number;
  readonly units: number;
}

/**
 * Removes the units with the smallest scores from a model, in place.
 *
 * @param scores by weight tensor, in its shape
 * @returns how many of how many went, or why none can
 */
export function cutUnits(
  model: Model,
  options: PruneStructuredOptions,
  scores: ReadonlyMap<string, Float32Array>,
): { readonly cut: CutResult | EngineRemark; readonly skipped: readonly Skip[] } {
  const { plan, skipped } = planPruning(model, indexModel(model), options, (trace) =>
    unitImportance(trace, "l1", ({ value }) => scores.get(value.name)),
  );
  if (isRemark(plan)) return { cut: plan, skipped };
  const { trace, groups, removed } = plan;
  const cut = new Cut(model, trace.units, removed);
  rewrite(model, trace, cut);
  const conflict = shapeConflict(model, trace, cut);
  if (conflict !== undefined) return { cut: conflict, skipped };
  const units = groups.reduce((sum, group) => sum + group.units.length, 0);
  return { cut: { removed: removed.size, units }, skipped };
}
