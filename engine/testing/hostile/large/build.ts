import type { Graph, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { graph, graphAttribute, model, node, value } from "#engine/passes/testing/build.ts";

/** Models by what is the matter with them. */
export type LargeModels = Readonly<Record<string, () => Model>>;

export const range = (count: number) => Array.from({ length: count }, (_, at) => at);
export const wrap = (nodes: Node[], output: string, initializer: Tensor[] = []): Model =>
  model(
    graph({
      input: [value("x", [256]), value("c", [], "bool")],
      output: [value(output, [])],
      node: nodes,
      initializer,
    }),
  );

export function chain(op: string, count: number, more: readonly string[] = []): Node[] {
  return range(count).map((at) => node(op, [at === 0 ? "x" : `v${at - 1}`, ...more], [`v${at}`]));
}

/** `op` around itself: each level holds `make(level)` and the level below. */
export function nested(depth: number, outer: (inner: Graph, at: number) => Node, core: Graph): Graph {
  let inner = core;
  for (let at = 0; at < depth; at++) {
    const holder = outer(inner, at);
    inner = graph({
      ...core,
      node: [holder],
      name: `level${at}`,
      output: [value(holder.output[0] ?? "", [])],
    });
  }
  return inner;
}

export const loopOf = (body: Graph, at: number) =>
  node("Loop", ["turns", "c", "x"], [`loop${at}`], [graphAttribute("body", body)]);
export const ifWithout = (branch: Graph, at: number) =>
  node("If", ["c"], [`if${at}`], [graphAttribute("then_branch", branch)]);
export const ifOf = (branch: Graph, at: number) =>
  node(
    "If",
    ["c"],
    [`if${at}`],
    [graphAttribute("then_branch", branch), graphAttribute("else_branch", branch)],
  );
