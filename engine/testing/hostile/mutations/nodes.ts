import { anyName, graphsOf, type Mutations, nodesOf, pick } from "./parts.ts";

/** What a node says of itself and where it stands. */
export const nodes: Mutations = {
  "an input of another name": (model, choose) => {
    const target = pick(nodesOf(model), choose);
    if (target) target.input[choose(target.input.length + 1)] = anyName(model, choose);
  },
  "an output of another name": (model, choose) => {
    const target = pick(nodesOf(model), choose);
    if (target) target.output[choose(target.output.length + 1)] = anyName(model, choose);
  },
  "no inputs": (model, choose) => {
    const target = pick(nodesOf(model), choose);
    if (target) target.input = [];
  },
  "no outputs": (model, choose) => {
    const target = pick(nodesOf(model), choose);
    if (target) target.output = [];
  },
  "a node twice": (model, choose) => {
    const { node: list } = pick(graphsOf(model), choose) ?? model.graph;
    const target = pick(list, choose);
    if (target) list.push(target);
  },
  "a node less": (model, choose) => {
    const { node: list } = pick(graphsOf(model), choose) ?? model.graph;
    list.splice(choose(list.length + 1), 1);
  },
  "nodes in another order": (model) => {
    model.graph.node.reverse();
  },
  "another operator": (model, choose) => {
    const target = pick(nodesOf(model), choose);
    const operators = [
      "If",
      "Loop",
      "Scan",
      "MatMul",
      "Gemm",
      "Conv",
      "LSTM",
      "Gather",
      "Constant",
      "Reshape",
      "Concat",
    ];
    const more = [
      "Slice",
      "Expand",
      "Range",
      "Tile",
      "Cast",
      "Identity",
      "Transpose",
      "QuantizeLinear",
      "Einsum",
      "",
    ];
    if (target) target.opType = pick([...operators, ...more, "__proto__", "constructor"], choose) ?? "";
  },
  "another domain": (model, choose) => {
    const target = pick(nodesOf(model), choose);
    if (target)
      target.domain =
        pick(["", "ai.onnx", "com.microsoft", "ai.onnx.ml", "local", "__proto__"], choose) ?? "";
  },
  "a cycle": (model, choose) => {
    const { node: list } = pick(graphsOf(model), choose) ?? model.graph;
    const [a, b] = [pick(list, choose), pick(list, choose)];
    if (!a || !b) return;
    a.input[choose(a.input.length + 1)] = b.output[0] ?? "";
    b.input[choose(b.input.length + 1)] = a.output[0] ?? "";
  },
  "a name made twice": (model, choose) => {
    const [a, b] = [pick(nodesOf(model), choose), pick(nodesOf(model), choose)];
    if (a && b) b.output = [...a.output];
  },
};
