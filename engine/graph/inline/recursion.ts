import { EngineError } from "#engine/error.ts";
import type { FunctionDef, Model, Node } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { maxInlinedNodes, tooManyNodes } from "./budget.ts";
import { calleeOf, deepNodes, type Functions } from "./calls.ts";

/**
 * Looks at who calls whom, before anything is copied. ONNX forbids functions that reach themselves: their bodies would
 * never end. Linear in the size of the model, and the stack of the search is a list, because chains of calls may be
 * longer than the stack of the process.
 *
 * @throws EngineError "malformed" naming a function that calls itself, directly or through others; "limit-exceeded"
 *   where the main graph would get more than `maxInlinedNodes` nodes
 */
export function checkCalls(model: Model, functions: Functions): void {
  /** Nodes that a call of a function stands for; undefined while they are counted. */
  const sizes = new Map<FunctionDef, number | undefined>();
  const stack: { body: FunctionDef; callees: FunctionDef[] }[] = [];
  const size = (nodes: readonly Node[]) =>
    callsOf(functions, nodes).reduce((sum, callee) => sum + (sizes.get(callee) ?? 0), 0);
  const enter = (body: FunctionDef) => {
    if (sizes.get(body) !== undefined) return;
    if (sizes.has(body)) {
      throw new EngineError("malformed", "A local function calls itself", `function ${quote(body.name)}`);
    }
    sizes.set(body, undefined);
    stack.push({ body, callees: callsOf(functions, body.node) });
  };
  for (const body of functions.values()) {
    enter(body);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.callees.pop();
      if (next !== undefined) {
        enter(next);
        continue;
      }
      const own = [...deepNodes(top.body.node)].length;
      sizes.set(top.body, own + size(top.body.node));
      stack.pop();
    }
  }
  if (size(model.graph.node) > maxInlinedNodes) throw tooManyNodes();
}

/** The callee of every call in these nodes, one entry for each call. */
function callsOf(functions: Functions, nodes: readonly Node[]): FunctionDef[] {
  const callees: FunctionDef[] = [];
  for (const node of deepNodes(nodes)) {
    const callee = calleeOf(functions, node);
    if (callee !== undefined) callees.push(callee);
  }
  return callees;
}
