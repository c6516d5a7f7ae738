import { subgraphs } from "#engine/onnx/attributes.ts";
import type { FunctionDef, Graph, Model, Node, OpsetId } from "#engine/onnx/model.ts";
import { plain, quote } from "#engine/onnx/quote.ts";

/**
 * One list of nodes and the names it can see: the main graph, a subgraph of If, Loop or Scan, a local function, or
 * a training graph. A subgraph sees the names of its parents; functions and training graphs see only their own.
 */
export interface Scope {
  readonly kind: "main" | "subgraph" | "function" | "training";
  readonly body: Graph | FunctionDef;
  /** The body where it is a graph: functions have no initialisers and their inputs no types. */
  readonly graph: Graph | undefined;
  readonly parent: Scope | undefined;
  /** The node whose attribute holds this subgraph. */
  readonly owner: Node | undefined;
  /** For messages: `main graph`, `function "f"`, `main graph > If "choose" > graph 1`. */
  readonly place: string;
  /** Version per domain, the default domain under "". */
  readonly opsets: ReadonlyMap<string, number>;
}

/** "ai.onnx" and the empty domain are the same. */
export function normalDomain(domain: string | undefined): string {
  return domain === undefined || domain === "ai.onnx" ? "" : domain;
}

/** Version per domain. IR versions 1 and 2 had no opset imports: opset 1 of the default domain is meant. */
export function opsetVersions(imports: readonly OpsetId[]): Map<string, number> {
  const versions = new Map<string, number>();
  for (const { domain, version } of imports) {
    const key = normalDomain(domain);
    versions.set(key, Math.max(version ?? 0, versions.get(key) ?? 0));
  }
  if (versions.size === 0) versions.set("", 1);
  return versions;
}

/** For messages: a node by its name, else by its first output. */
export function nodePlace(node: Node): string {
  const type = node.opType ? plain(node.opType) : "node without operator";
  return node.name
    ? `${type} "${node.name}"`
    : `${type} that makes "${node.output.find((name) => name) ?? ""}"`;
}

/** Every scope of the model, parents before their subgraphs, the main graph first. */
export function modelScopes(model: Model): Scope[] {
  const scopes: Scope[] = [];
  const opsets = opsetVersions(model.opsetImport);
  const add = (scope: Scope): void => {
    scopes.push(scope);
    for (const node of scope.body.node) {
      subgraphs(node).forEach((graph, index) => {
        add({
          kind: "subgraph",
          body: graph,
          graph,
          parent: scope,
          owner: node,
          place: `${scope.place} > ${nodePlace(node)} > graph ${index + 1}`,
          opsets: scope.opsets,
        });
      });
    }
  };
  const root = (kind: Scope["kind"], graph: Graph, place: string) =>
    add({ kind, body: graph, graph, parent: undefined, owner: undefined, place, opsets });
  root("main", model.graph, "main graph");
  for (const body of model.functions ?? []) {
    add({
      kind: "function",
      body,
      graph: undefined,
      parent: undefined,
      owner: undefined,
      place: `function ${quote(body.name)}`,
      opsets: body.opsetImport.length > 0 ? opsetVersions(body.opsetImport) : opsets,
    });
  }
  (model.trainingInfo ?? []).forEach((info, index) => {
    if (info.initialization) root("training", info.initialization, `training ${index + 1} initialization`);
    if (info.algorithm) root("training", info.algorithm, `training ${index + 1} algorithm`);
  });
  return scopes;
}

/** Key under which a node finds the local function it calls. */
export function functionKey(domain: string | undefined, name: string, overload: string | undefined): string {
  return JSON.stringify([normalDomain(domain), name, overload ?? ""]);
}

export function localFunctions(model: Model): Map<string, FunctionDef> {
  return new Map((model.functions ?? []).map((f) => [functionKey(f.domain, f.name, f.overload), f]));
}
