import { english } from "#engine/english.ts";
import { EngineError } from "#engine/error.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { inlineFunctions } from "#engine/graph/inline/index.ts";
import type { Versions } from "#engine/graph/inline/opsets.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { functionKey, localFunctions, normalDomain, opsetVersions, type Scope } from "#engine/graph/scope.ts";
import { inferShapes } from "#engine/graph/shapes/infer.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { own } from "#engine/own.ts";
import { remarkOf, say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { detachInitializersFromInputs } from "../initializers.ts";
import { type Skip, wholeModel } from "../pass.ts";
import { refuse } from "./adapter.ts";
import { adapters, highestTarget, knownOperators, refusals } from "./table.ts";

export interface OpsetUpgrade {
  readonly from: number;
  readonly to: number;
  /** How often each adapter rewrote a node, by `Operator@version`. */
  readonly adapters: Readonly<Record<string, number>>;
}

/** The IR version that came with an opset, where it is above 3. */
const irOfOpset: readonly [number, number][] = [
  [9, 4],
  [10, 5],
  [11, 6],
  [12, 7],
  [15, 8],
  [19, 9],
  [21, 10],
];

/**
 * Moves the model to a newer opset of the default domain, node by node and version by version, so that it computes
 * the same as before. Edits `model`; a model of that opset or a newer one stays as it is.
 *
 * @throws EngineError "unsupported" naming the operator that cannot be carried over; the model is then half-way
 */
export function upgradeOpset(model: Model, target: number): OpsetUpgrade {
  const from = defaultOpset(model, target);
  const used: Record<string, number> = {};
  if (from >= target) return { from, to: from, adapters: used };
  if (target > highestTarget) {
    throw new EngineError(
      "invalid-option",
      `Opset ${target} is above ${highestTarget}, the newest one known here`,
    );
  }
  inlineAll(model);
  const start = defaultOpset(model, target);
  raiseGraphs(model, start, target, used);
  return { from, to: Math.max(start, target), adapters: used };
}

/** Local functions have opsets of their own: their bodies take the places of their calls first. */
function inlineAll(model: Model): void {
  if (model.functions === undefined || model.functions.length === 0) return;
  const { model: inlined, kept } = inlineFunctions(model, versions);
  const [first] = kept;
  if (first !== undefined) {
    throw new EngineError(
      "unsupported",
      `The opset of a model with a local function that has to stay cannot be raised: ${english(first.reason)}`,
      `function ${quote(first.name)}`,
      { remark: say("upgrade-opset.functionStays", { reason: first.reason }) },
    );
  }
  delete model.functions;
  Object.assign(model, inlined);
}

/** What inlining may know of the versions of operators. */
export const versions: Versions = {
  newest: highestTarget,
  changes(opType, from, to) {
    for (let version = from + 1; version <= to; version++) {
      const key = `${opType}@${version}`;
      if (own(adapters, key) !== undefined || own(refusals, key) !== undefined) return true;
    }
    return false;
  },
  raise(model, to, name) {
    raiseGraphs(model, defaultOpset(model, to), to, {}, name);
  },
};

/** Raises the main graph and its subgraphs; local functions stay, each with the opset that it names. */
function raiseGraphs(
  model: Model,
  from: number,
  target: number,
  used: Record<string, number>,
  name?: (wanted: string) => string,
): void {
  checkOperators(model, target);
  for (let version = from + 1; version <= target; version++) stepTo(model, version, used, name);
  if (from < target) setOpset(model, target);
}

/** As `upgradeOpset`, but a refusal leaves the model untouched and becomes the reason why a step is not applicable. */
export function upgradeForStep(model: Model, needed: number): Skip | undefined {
  const from = defaultOpset(model, needed);
  if (from >= needed) return undefined;
  const trial = cloneStructure(model);
  try {
    upgradeOpset(trial, needed);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return {
      name: wholeModel,
      reason: say("common.needsOpset", { needed, from, error: remarkOf(error) }),
    };
  }
  Object.assign(model, trial);
  return undefined;
}

/** Opset of the default domain; `otherwise` for a model that neither imports nor uses it. */
function defaultOpset(model: Model, otherwise: number): number {
  const declared = opsetVersions(model.opsetImport).get("");
  if (declared !== undefined) return declared;
  const used = indexModel(model).scopes.some((scope) => scope.body.node.some(isStandard));
  return used ? 1 : otherwise;
}

/** The main graph and its subgraphs. */
function bodies(index: ModelIndex): Scope[] {
  return index.scopes.filter((scope) => {
    let root = scope;
    while (root.parent !== undefined) root = root.parent;
    return root.kind === "main";
  });
}

function checkOperators(model: Model, target: number): void {
  const index = indexModel(model);
  const training = index.scopes.find((scope) => scope.kind === "training");
  if (training !== undefined) {
    throw new EngineError("unsupported", english(say("upgrade-opset.training")), training.place, {
      remark: say("upgrade-opset.training"),
    });
  }
  const functions = localFunctions(model);
  const isCall = (node: Node) => functions.has(functionKey(node.domain, node.opType, node.overload));
  for (const scope of bodies(index)) {
    for (const node of scope.body.node) {
      if (!isStandard(node) || (knownOperators.has(node.opType) && !isCall(node))) continue;
      refuse(node, target, say("upgrade-opset.notStandard"));
    }
  }
}

function stepTo(
  model: Model,
  version: number,
  used: Record<string, number>,
  given: ((wanted: string) => string) | undefined,
): void {
  const keyOf = (node: Node) => `${node.opType}@${version}`;
  const index = indexModel(model);
  const concerns = (node: Node) => isStandard(node) && (keyOf(node) in adapters || keyOf(node) in refusals);
  const scopes = bodies(index);
  if (!scopes.some((scope) => scope.body.node.some(concerns))) return;
  const shapes = inferShapes(model);
  const name = given ?? uniqueNames(model);
  for (const scope of scopes) {
    const out: Node[] = [];
    for (const node of scope.body.node) {
      const key = keyOf(node);
      const adapter = isStandard(node) ? adapters[key] : undefined;
      if (isStandard(node) && refusals[key] !== undefined) refuse(node, version, refusals[key]);
      if (adapter === undefined) {
        out.push(node);
        continue;
      }
      used[key] = (used[key] ?? 0) + 1;
      out.push(...adapter({ node, scope, index, shapes, version, name }));
    }
    scope.body.node = out;
  }
}

function setOpset(model: Model, version: number): void {
  const entry = model.opsetImport.find((candidate) => normalDomain(candidate.domain) === "");
  if (entry === undefined) model.opsetImport.push({ domain: "", version });
  else entry.version = version;
  const ir = irOfOpset.findLast(([opset]) => opset <= version)?.[1] ?? 3;
  if (ir >= 4) detachInitializersFromInputs(model);
  model.irVersion = Math.max(model.irVersion ?? 0, ir);
}
