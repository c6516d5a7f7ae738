import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { countMacs } from "#engine/graph/macs.ts";
import { countParameters } from "#engine/inspect/parameters.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { type AsyncPass, type Change, notApplicable, wholeModel } from "./pass.ts";
import type { PruneStructuredOptions } from "./prune.structured.schema.ts";
import { shapeConflict } from "./prune-structured/check.ts";
import { addLosses, measureLosses } from "./prune-structured/compensate.ts";
import { Cut } from "./prune-structured/cut.ts";
import type { Group } from "./prune-structured/groups.ts";
import { planPruning } from "./prune-structured/plan.ts";
import { rewrite } from "./prune-structured/rewrite.ts";
import { unknownNames } from "./pruning/report.ts";

/**
 * Structured pruning without retraining: of the n terms of F(x; W) = Σᵢ Wᵢ fᵢ(x) that a layer sums, the m most important
 * stay, and what made the others is cut out of every tensor, so that the result is an ordinary dense graph with smaller
 * layers. Units that depend on each other (through residual sums, concatenation, normalisation, reshaping into heads)
 * go together or not at all; whatever reads a unit in a way that is not understood keeps it, and the report says so.
 */
export const pruneStructured: AsyncPass<PruneStructuredOptions> = async (model, options, context) => {
  if ((model.trainingInfo ?? []).length > 0) return notApplicable(say("prune-structured.training"));
  const index = indexModel(model);
  const warnings = unknownNames(absent(index, options.protect));
  const { plan, skipped } = planPruning(model, index, options);
  if (isRemark(plan)) return { ...notApplicable(plan, skipped), warnings };
  context.onProgress(0.6);
  const { trace, groups, removed } = plan;
  const before = { parameters: countParameters(model, index).parameters, macs: countMacs(model).macs };
  const cut = new Cut(model, trace.units, removed);
  const losses = options.compensate ? await measureLosses(model, trace, cut, context) : [];
  rewrite(model, trace, cut);
  context.onProgress(0.8);
  const conflict = shapeConflict(model, trace, cut);
  // A rule would be wrong: better no result than one that does not run.
  if (conflict !== undefined) return { ...notApplicable(conflict, skipped), warnings };
  const made = addLosses(model, losses);
  const after = { parameters: countParameters(model).parameters, macs: countMacs(model).macs };
  const changed = [
    total(groups, removed, before, after),
    ...groups.flatMap((group) => groupChange(group, removed)),
  ];
  if (made > 0)
    changed.push({ name: wholeModel, what: compensation(made, context.calibration?.description) });
  return { changed, skipped: [...skipped], warnings };
};

function compensation(layers: number, data: string | EngineRemark | undefined) {
  return say("prune-structured.compensated", { layers, data: data ?? say("prune-structured.noData") });
}

interface Extent {
  readonly parameters: number;
  readonly macs: number | null;
}

function total(
  groups: readonly Group[],
  removed: ReadonlySet<number>,
  before: Extent,
  after: Extent,
): Change {
  const units = groups.reduce((sum, group) => sum + group.units.length, 0);
  const figures = { removed: removed.size, units, before: before.parameters, after: after.parameters };
  const what =
    before.macs !== null && after.macs !== null
      ? say("prune-structured.totalWithMacs", { ...figures, macsBefore: before.macs, macsAfter: after.macs })
      : say("prune-structured.total", figures);
  return { name: wholeModel, what };
}

function groupChange(group: Group, removed: ReadonlySet<number>): Change[] {
  const gone = group.units.filter((unit) => removed.has(unit)).length;
  if (gone === 0) return [];
  const all = group.units.length + group.fixed;
  const [left, { layers }] = [all - gone, group];
  const what =
    layers > 1
      ? say("prune-structured.groupOfLayers", { left, all, layers })
      : say("prune-structured.group", { left, all });
  return [{ name: group.name, what }];
}

function absent(index: ModelIndex, protect: readonly string[]): string[] {
  if (protect.length === 0) return [];
  const names = new Set<string>();
  for (const scope of index.scopes) {
    for (const value of index.values(scope).keys()) names.add(value);
    for (const node of scope.body.node) if (node.name) names.add(node.name);
  }
  return protect.filter((name) => !names.has(name));
}
