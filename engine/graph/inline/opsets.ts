import { EngineError } from "#engine/error.ts";
import type { FunctionDef, Model, Node } from "#engine/onnx/model.ts";
import { type EngineRemark, remarkOf, say } from "#engine/say.ts";
import { normalDomain, opsetVersions } from "../scope.ts";
import { calleeOf, deepNodes, type Functions, reachable } from "./calls.ts";

/** Knowledge of the standard operators' versions, which the caller brings along. */
export interface Versions {
  /** The newest version of the default domain that it knows about. */
  readonly newest: number;
  /** Whether an operator is written otherwise or means something else somewhere after `from`, up to `to`. */
  changes(opType: string, from: number, to: number): boolean;
  /**
   * Rewrites the main graph and the graphs in it for a newer version of the default domain. Edits the model.
   *
   * @param name a maker of names that nothing else has
   * @throws EngineError where an operator cannot be carried over; the model is then half-way
   */
  raise(model: Model, to: number, name?: (wanted: string) => string): void;
}

export type Verdict =
  | { readonly how: "as-is" }
  /** Its nodes have to be rewritten for the version of the model. */
  | { readonly how: "raise"; readonly from: number; readonly to: number }
  | { readonly how: "keep"; readonly reason: EngineRemark };

/** The nodes of a body that are operators, by domain. */
function operators(body: FunctionDef, functions: Functions): Map<string, Node[]> {
  const found = new Map<string, Node[]>();
  for (const node of deepNodes(body.node)) {
    if (calleeOf(functions, node) !== undefined) continue;
    const domain = normalDomain(node.domain);
    const list = found.get(domain);
    if (list === undefined) found.set(domain, [node]);
    else list.push(node);
  }
  return found;
}

function versionsOf(body: FunctionDef): ReadonlyMap<string, number> {
  return body.opsetImport.length > 0 ? opsetVersions(body.opsetImport) : new Map();
}

/**
 * How a body fits a model that imports these operator sets. ONNX asks that each operator of a function has the same
 * schema in the version that the function imports and in the one that the model imports (`onnx.proto`, `functions`);
 * where an operator changed in between nevertheless, its nodes are rewritten, if that is possible.
 */
export function judge(
  body: FunctionDef,
  functions: Functions,
  imported: ReadonlyMap<string, number>,
  versions: Versions,
): Verdict {
  let how: Verdict = { how: "as-is" };
  const own = versionsOf(body);
  for (const [domain, nodes] of operators(body, functions)) {
    const [from, to] = [own.get(domain), imported.get(domain)];
    if (from === undefined || to === undefined || from === to) continue;
    if (domain !== "") return { how: "keep", reason: say("functions.otherVersion", { from, to, domain }) };
    const [older, newer] = from < to ? [from, to] : [to, from];
    if (older < 1 || newer > versions.newest) {
      return { how: "keep", reason: say("functions.unknownVersion", { from, to }) };
    }
    const changed = nodes.find(({ opType }) => versions.changes(opType, older, newer));
    if (changed === undefined) continue;
    if (from > to) {
      const reason = say("functions.otherMeaning", { from, to, op: changed.opType });
      return { how: "keep", reason };
    }
    how = { how: "raise", from, to };
  }
  return how;
}

/** Adds the imports that a body needs and the model lacks. */
export function importFor(model: Model, body: FunctionDef, functions: Functions): void {
  const imported = opsetVersions(model.opsetImport);
  const own = versionsOf(body);
  for (const domain of operators(body, functions).keys()) {
    const version = own.get(domain);
    if (version === undefined || imported.has(domain)) continue;
    model.opsetImport.push({ domain, version });
  }
}

/**
 * Moves the model to the newest version of the standard operators that a function is written for, because operators
 * are never carried back to an older one. Edits the model; throws as `versions.raise`, and is then half-way.
 */
export function riseToFunctions(model: Model, functions: Functions, versions: Versions): void {
  const called = [...reachable(functions, model.graph.node)];
  const wanted = called
    .filter((body) => operators(body, functions).has(""))
    .reduce((newest, body) => Math.max(newest, versionsOf(body).get("") ?? 0), 0);
  const entry = model.opsetImport.find(({ domain }) => normalDomain(domain) === "");
  if (wanted === 0) return;
  if (entry === undefined) model.opsetImport.push({ domain: "", version: wanted });
  else if (isBelow(entry.version ?? 0, wanted) && wanted <= versions.newest) versions.raise(model, wanted);
}

/** Versions of nothing, which a file may name, are not raised. */
function isBelow(version: number, wanted: number): boolean {
  return version >= 1 && version < wanted;
}

/** Forgets the domains of functions that are gone, where nothing else is of them. */
export function dropImports(model: Model, gone: readonly FunctionDef[]): void {
  const domains = new Set(gone.map(({ domain }) => normalDomain(domain)));
  for (const body of model.functions ?? []) {
    domains.delete(normalDomain(body.domain));
    for (const node of deepNodes(body.node)) domains.delete(normalDomain(node.domain));
  }
  for (const node of deepNodes(model.graph.node)) domains.delete(normalDomain(node.domain));
  domains.delete("");
  model.opsetImport = model.opsetImport.filter(({ domain }) => !domains.has(normalDomain(domain)));
}

/** What a refusal says; anything else is a fault and goes on. */
export function refusal(error: unknown): EngineRemark {
  if (error instanceof EngineError && error.code === "unsupported") return remarkOf(error);
  throw error;
}
