import { EngineError } from "#engine/error.ts";
import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { countMacs } from "#engine/graph/macs.ts";
import { countParameters } from "#engine/inspect/parameters.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type Change, notApplicable, type Pass, type PassResult, wholeModel } from "./pass.ts";
import { defaultRatio, type PruneStructuredOptions } from "./prune.structured.schema.ts";
import { shapeConflict } from "./prune-structured/check.ts";
import { Cut } from "./prune-structured/cut.ts";
import { type Group, groupUnits } from "./prune-structured/groups.ts";
import { unitImportance } from "./prune-structured/importance.ts";
import { parametersSaved, rewrite } from "./prune-structured/rewrite.ts";
import { chooseUnits } from "./prune-structured/select.ts";
import { traceModel } from "./prune-structured/trace.ts";
import type { Trace } from "./prune-structured/visit.ts";

/**
 * Structured pruning without retraining: of the n terms of F(x; W) = Σᵢ Wᵢ fᵢ(x) that a layer sums, the m most important
 * stay, and what made the others is cut out of every tensor, so that the result is an ordinary dense graph with smaller
 * layers. Units that depend on each other (through residual sums, concatenation, normalisation, reshaping into heads)
 * go together or not at all; whatever reads a unit in a way that is not understood keeps it, and the report says so.
 */
export const pruneStructured: Pass<PruneStructuredOptions> = (model, options, context) => {
  if ((model.trainingInfo ?? []).length > 0) return notApplicable("it carries graphs for training it");
  const index = indexModel(model);
  const warnings = unknownNames(index, options.protect).map(
    (name) => `"protect" names ${JSON.stringify(name)}, which the model does not have`,
  );
  const trace = tryTrace(model, index, options);
  if (typeof trace === "string") return { ...notApplicable(trace), warnings };
  context.onProgress(0.3);
  const { groups, skipped } = groupUnits(trace);
  if (groups.length === 0) {
    const reason = "it has no layer whose units can be removed";
    return { ...notApplicable(reason, skipped), warnings };
  }
  const before = { parameters: countParameters(model, index).parameters, macs: countMacs(model).macs };
  const removed = choose(model, trace, groups, before.parameters, options);
  context.onProgress(0.6);
  if (removed === undefined || removed.size === 0) {
    const reason =
      removed === undefined
        ? "even with the fewest units it has more parameters than `budget` allows"
        : "every group keeps all its units: `ratio` is too small, or `min_units` or `round_to` too large";
    return { ...notApplicable(reason, skipped), warnings };
  }
  rewrite(model, trace, new Cut(model, trace.units, removed));
  context.onProgress(0.8);
  const conflict = shapeConflict(model, trace, new Cut(model, trace.units, removed));
  // A rule would be wrong: better no result than one that does not run.
  if (conflict !== undefined) return { ...notApplicable(conflict, skipped), warnings };
  const after = { parameters: countParameters(model).parameters, macs: countMacs(model).macs };
  const changed = [
    total(groups, removed, before, after),
    ...groups.flatMap((group) => groupChange(group, removed)),
  ];
  return { changed, skipped, warnings } satisfies PassResult;
};

function tryTrace(model: Model, index: ModelIndex, options: PruneStructuredOptions): Trace | string {
  try {
    return traceModel(model, index, options);
  } catch (error) {
    if (error instanceof EngineError && error.code === "limit-exceeded") return error.detail;
    throw error;
  }
}

/** Undefined where the budget cannot be met. */
function choose(
  model: Model,
  trace: Trace,
  groups: readonly Group[],
  parameters: number,
  options: PruneStructuredOptions,
): Set<number> | undefined {
  const importance = unitImportance(trace, options.importance);
  const at = (ratio: number) =>
    chooseUnits(groups, importance, trace.units, trace.known, {
      scope: options.scope,
      ratio,
      minUnits: options.min_units,
      roundTo: options.round_to,
    });
  const { budget } = options;
  if (budget === undefined) return at(options.ratio ?? defaultRatio);
  const fits = (ratio: number) => {
    const cut = new Cut(model, trace.units, at(ratio));
    return parameters - parametersSaved(trace, cut) <= budget * parameters;
  };
  // The smallest thousandth that is enough; more removed never means more parameters.
  let [low, high] = [0, steps];
  if (!fits(1)) return undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle / steps)) high = middle;
    else low = middle;
  }
  return at(high / steps);
}

const steps = 1000;

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
  const parts = [`${removed.size} of ${units} removable units are gone`];
  parts.push(`parameters ${before.parameters} → ${after.parameters}`);
  if (before.macs !== null && after.macs !== null) {
    parts.push(`multiplications for one input ${before.macs} → ${after.macs}`);
  }
  return { name: wholeModel, what: parts.join("; ") };
}

function groupChange(group: Group, removed: ReadonlySet<number>): Change[] {
  const gone = group.units.filter((unit) => removed.has(unit)).length;
  if (gone === 0) return [];
  const all = group.units.length + group.fixed;
  const layers = group.layers > 1 ? ` in each of ${group.layers} layers that depend on each other` : "";
  return [{ name: group.name, what: `${all - gone} of ${all} units stay${layers}` }];
}

function unknownNames(index: ModelIndex, protect: readonly string[]): string[] {
  if (protect.length === 0) return [];
  const names = new Set<string>();
  for (const scope of index.scopes) {
    for (const value of index.values(scope).keys()) names.add(value);
    for (const node of scope.body.node) if (node.name) names.add(node.name);
  }
  return protect.filter((name) => !names.has(name));
}
