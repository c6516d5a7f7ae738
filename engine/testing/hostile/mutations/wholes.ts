import { cloneStructure } from "#engine/graph/clone.ts";
import { attributeType, type Node } from "#engine/onnx/model.ts";
import { graph, node, value } from "#engine/passes/testing/build.ts";
import { anyName, type Mutations, nodesOf, odd, pick } from "./parts.ts";

/** The model, its graphs and functions. */
export const wholes: Mutations = {
  "another opset": (model, choose) => {
    model.opsetImport = [{ domain: "", version: choose(3) === 0 ? 999 : odd(choose) }];
  },
  "no opset": (model, choose) => {
    model.opsetImport = [];
    model.irVersion = choose(20);
  },
  "a graph in itself": (model, choose) => {
    // Written, it is a graph in a copy of itself.
    const copy = cloneStructure(model.graph);
    const inner: Node = node("If", [anyName(model, choose)], [anyName(model, choose)]);
    inner.attribute.push(
      { name: "then_branch", type: attributeType.graph, g: copy },
      { name: "else_branch", type: attributeType.graph, g: copy },
    );
    model.graph.node.push(inner);
  },
  "a function that calls": (model, choose) => {
    const caller = (name: string, callee: string) => ({
      name,
      domain: "local",
      input: ["a"],
      output: ["b"],
      attribute: [],
      opsetImport: [{ domain: "", version: 17 }],
      node: [{ ...node(callee, ["a"], ["b"]), domain: "local" }],
    });
    model.functions = [caller("f", choose(2) === 0 ? "f" : "g"), caller("g", choose(2) === 0 ? "h" : "f")];
    model.opsetImport.push({ domain: "local", version: 1 });
    const target = pick(nodesOf(model), choose);
    if (target) Object.assign(target, { opType: "f", domain: "local" });
  },
  "an input of another shape": (model, choose) => {
    const target = pick(model.graph.input, choose);
    const dims = Array.from({ length: choose(7) }, () => ({ dimValue: odd(choose) }));
    if (target?.type?.tensorType) target.type.tensorType.shape = { dim: dims };
  },
  "an input without a type": (model, choose) => {
    const target = pick([...model.graph.input, ...model.graph.output, ...model.graph.valueInfo], choose);
    if (target) delete target.type;
  },
  "an output more": (model, choose) => {
    model.graph.output.push(value(anyName(model, choose), [odd(choose)]));
  },
  "no outputs of the model": (model) => {
    model.graph.output = [];
  },
  "an input that is a weight": (model, choose) => {
    model.graph.input.push(value(pick(model.graph.initializer, choose)?.name ?? "w", [odd(choose)]));
  },
  "graphs nested deeply": (model, choose) => {
    // Each level takes three messages of the hundred that a reader of files follows.
    const depth = pick([5, 25, 31, 60], choose) ?? 5;
    const condition = anyName(model, choose);
    let inner = graph({ node: model.graph.node, output: model.graph.output });
    for (let level = 0; level < depth; level++) {
      const outputs = model.graph.output.map(({ name }) => name);
      const holder: Node = node("If", [condition], outputs);
      for (const name of ["then_branch", "else_branch"].slice(0, level === 0 ? 2 : 1)) {
        holder.attribute.push({ name, type: attributeType.graph, g: inner });
      }
      inner = graph({ node: [holder], output: model.graph.output });
    }
    model.graph.node = inner.node;
  },
};
