import { EngineError } from "#engine/error.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import type { FunctionDef, Model, Node } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { indexModel, type ModelIndex } from "./index.ts";
import { topologicalOrder } from "./order.ts";
import { functionKey, localFunctions, nodePlace, normalDomain, type Scope } from "./scope.ts";
import { attributeProblems } from "./validate-attribute.ts";
import { sparseProblems, tensorProblems } from "./validate-tensor.ts";

/** Problems listed at most: one message more does not help anybody. */
const maxProblems = 50;

/**
 * Whether the graph makes sense: every name defined once and before it is needed, no cycle, attributes and tensors
 * that hold what they claim, operator sets for every domain. Operators themselves are not checked: ONNX Runtime
 * knows them.
 *
 * @throws EngineError with the first problem, naming node and field
 */
export function validateModel(model: Model): void {
  for (const problem of problems(model)) throw problem;
}

/** As `validateModel`, but the list of problems (at most 50). */
export function modelProblems(model: Model): EngineError[] {
  const found: EngineError[] = [];
  for (const problem of problems(model)) {
    found.push(problem);
    if (found.length === maxProblems) break;
  }
  return found;
}

function malformed(message: string, place: string): EngineError {
  return new EngineError("malformed", message, place);
}

function* problems(model: Model): Generator<EngineError> {
  yield* opsetProblems(model);
  yield* functionProblems(model);
  const index = indexModel(model);
  const local = new Set((model.functions ?? []).map((f) => functionKey(f.domain, f.name, undefined)));
  for (const scope of index.scopes) yield* scopeProblems(scope, index, local);
}

function* opsetProblems(model: Model): Generator<EngineError> {
  const place = "opset imports";
  if (model.opsetImport.length === 0 && (model.irVersion ?? 0) >= 3) {
    yield malformed("The model names no operator set", place);
  }
  const seen = new Set<string>();
  for (const { domain, version } of model.opsetImport) {
    const key = normalDomain(domain);
    if (seen.has(key)) yield malformed(`Domain ${quote(key)} is imported twice`, place);
    seen.add(key);
    if ((version ?? 0) < 1) yield malformed(`Domain ${quote(key)} has opset version ${version ?? 0}`, place);
  }
}

function* scopeProblems(scope: Scope, index: ModelIndex, local: ReadonlySet<string>): Generator<EngineError> {
  const { body, graph, place } = scope;
  const defined = new Set<string>();
  for (const input of body.input) {
    const name = typeof input === "string" ? input : input.name;
    if (name === "") yield malformed("An input has no name", place);
    else if (defined.has(name)) yield malformed(`Input ${quote(name)} stands twice`, place);
    defined.add(name);
  }
  const initializers = new Set<string>();
  const once = function* (name: string): Generator<EngineError> {
    if (name === "") yield malformed("An initializer has no name", place);
    else if (initializers.has(name)) yield malformed(`Initializer ${quote(name)} stands twice`, place);
    initializers.add(name);
    // An initialiser of the same name as an input is that input's default value.
    defined.add(name);
  };
  for (const tensor of graph?.initializer ?? []) {
    yield* once(tensor.name ?? "");
    yield* tensorProblems(tensor, `${place}, initializer ${quote(tensor.name ?? "")}`);
  }
  for (const sparse of graph?.sparseInitializer ?? []) {
    yield* once(sparse.values?.name ?? "");
    yield* sparseProblems(sparse, `${place}, sparse initializer ${quote(sparse.values?.name ?? "")}`);
  }
  for (const node of body.node) {
    yield* nodeProblems(node, scope, index, local);
    for (const name of node.output) {
      if (name === "") continue;
      if (defined.has(name)) yield malformed(`${quote(name)} is made twice`, `${place}, ${nodePlace(node)}`);
      defined.add(name);
    }
  }
  for (const output of body.output) {
    const name = typeof output === "string" ? output : output.name;
    if (index.resolve(scope, name) === undefined)
      yield malformed(`Nothing makes output ${quote(name)}`, place);
  }
  const [stuck] = topologicalOrder(body).cyclic;
  if (stuck !== undefined) {
    yield malformed(
      "The graph has a cycle: a node needs what it or a later node makes",
      `${place}, ${nodePlace(stuck)}`,
    );
  }
}

function* nodeProblems(
  node: Node,
  scope: Scope,
  index: ModelIndex,
  local: ReadonlySet<string>,
): Generator<EngineError> {
  const place = `${scope.place}, ${nodePlace(node)}`;
  if (node.opType === "") yield malformed("A node names no operator", place);
  // ONNX Runtime brings its own domains along; the version of the default domain decides what an operator means.
  const domain = normalDomain(node.domain);
  if (domain === "" && !scope.opsets.has(domain) && !local.has(functionKey(domain, node.opType, undefined))) {
    yield malformed(`The model does not say which opset ${quote(node.opType)} belongs to`, place);
  }
  for (const [position, name] of node.input.entries()) {
    if (name !== "" && index.resolve(scope, name) === undefined) {
      yield malformed(`Nothing makes input ${position}, ${quote(name)}`, place);
    }
  }
  yield* attributeProblems(node, place, scope.kind === "function" || insideFunction(scope));
}

function insideFunction(scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent)
    if (at.kind === "function") return true;
  return false;
}

/** Local functions are expanded where they are called, so a function that reaches itself would never end. */
function* functionProblems(model: Model): Generator<EngineError> {
  const functions = localFunctions(model);
  if (functions.size < (model.functions?.length ?? 0)) {
    yield malformed("Two local functions have the same name", "functions");
  }
  const done = new Set<FunctionDef>();
  const open = new Set<FunctionDef>();
  const reaches = (body: FunctionDef): FunctionDef | undefined => {
    if (open.has(body)) return body;
    if (done.has(body)) return undefined;
    open.add(body);
    for (const call of calls(body.node)) {
      const callee = functions.get(call);
      const found = callee === undefined ? undefined : reaches(callee);
      if (found !== undefined) return found;
    }
    open.delete(body);
    done.add(body);
    return undefined;
  };
  // The call chain is walked by recursion: its depth is bounded so that a hostile chain cannot exhaust the stack.
  if (functions.size > maxFunctions) {
    yield new EngineError("limit-exceeded", `More than ${maxFunctions} local functions`, "functions");
    return;
  }
  for (const body of functions.values()) {
    const looped = reaches(body);
    if (looped !== undefined) {
      yield malformed("A local function calls itself", `function ${quote(looped.name)}`);
      return;
    }
  }
}

/** PyTorch's exporter writes one function per module class: hundreds. Node's stack takes about 10,000 frames. */
const maxFunctions = 2_000;

function* calls(nodes: readonly Node[]): Generator<string> {
  for (const node of nodes) {
    yield functionKey(node.domain, node.opType, node.overload);
    for (const graph of subgraphs(node)) yield* calls(graph.node);
  }
}
