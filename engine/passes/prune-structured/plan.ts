import { EngineError } from "#engine/error.ts";
import type { ModelIndex } from "#engine/graph/index.ts";
import { countParameters } from "#engine/inspect/parameters.ts";
import type { Model } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, remarkOf, say } from "#engine/say.ts";
import type { Skip } from "../pass.ts";
import { defaultRatio, type PruneStructuredOptions } from "../prune.structured.schema.ts";
import { Cut } from "./cut.ts";
import { type Group, groupUnits } from "./groups.ts";
import { unitImportance } from "./importance.ts";
import { parametersSaved } from "./rewrite.ts";
import { chooseUnits } from "./select.ts";
import { traceModel } from "./trace.ts";
import type { Trace } from "./visit.ts";

/** What is to be removed from a model that is not changed yet. */
export interface Plan {
  readonly trace: Trace;
  readonly groups: readonly Group[];
  readonly removed: ReadonlySet<number>;
}

/** A plan, or the reason why there is none; and the layers whose units all stay. */
export interface Planned {
  readonly plan: Plan | EngineRemark;
  readonly skipped: readonly Skip[];
}

/** By unit, from 0. */
export type ImportanceOf = (trace: Trace) => Map<number, number>;

/** @param importanceOf how much each unit matters; by default the norm that the options name */
export function planPruning(
  model: Model,
  index: ModelIndex,
  options: PruneStructuredOptions,
  importanceOf: ImportanceOf = (trace) => unitImportance(trace, options.importance),
): Planned {
  const trace = tryTrace(model, index, options);
  if (isRemark(trace)) return { plan: trace, skipped: [] };
  const { groups, skipped } = groupUnits(trace);
  if (groups.length === 0) return { plan: say("prune-structured.nothing"), skipped };
  const { parameters } = countParameters(model, index);
  const removed = choose(model, trace, groups, parameters, options, importanceOf(trace));
  if (removed === undefined) {
    return { plan: say("prune-structured.overBudget"), skipped };
  }
  if (removed.size === 0) {
    return { plan: say("prune-structured.allKept"), skipped };
  }
  return { plan: { trace, groups, removed }, skipped };
}

function tryTrace(model: Model, index: ModelIndex, options: PruneStructuredOptions): Trace | EngineRemark {
  try {
    return traceModel(model, index, options);
  } catch (error) {
    if (error instanceof EngineError && error.code === "limit-exceeded") return remarkOf(error);
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
  importance: Map<number, number>,
): Set<number> | undefined {
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
