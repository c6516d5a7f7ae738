import { attributeType, type Graph, type Model, type Node, type Tensor } from "#engine/onnx/model.ts";
import { cloneStructure } from "#engine/passes/clone.ts";
import { graph, node, value } from "#engine/passes/testing/build.ts";

/** Choices of a mutation: a number from 0 to below `limit`, each call another one. */
export type Choose = (limit: number) => number;

/** Changes a model in place, in a way that keeps it a file that can be written. */
export type Mutation = (model: Model, choose: Choose) => void;

function pick<T>(list: readonly T[], choose: Choose): T | undefined {
  return list[choose(Math.max(1, list.length))];
}

/** Every graph of the model with its subgraphs. */
function graphsOf(model: Model): Graph[] {
  const found: Graph[] = [];
  const add = (body: Graph) => {
    found.push(body);
    for (const { attribute } of body.node) {
      for (const { g, graphs } of attribute)
        for (const inner of [...(g ? [g] : []), ...(graphs ?? [])]) add(inner);
    }
  };
  add(model.graph);
  return found;
}

function nodesOf(model: Model): Node[] {
  return [
    ...graphsOf(model).flatMap((body) => body.node),
    ...(model.functions ?? []).flatMap((body) => body.node),
  ];
}

function tensorsOf(model: Model): Tensor[] {
  const constants = nodesOf(model).flatMap(({ attribute }) => attribute.flatMap(({ t }) => (t ? [t] : [])));
  return [...graphsOf(model).flatMap((body) => body.initializer), ...constants];
}

/** A name that the model has, or one that it does not have, or one that objects have. */
function anyName(model: Model, choose: Choose): string {
  const names = nodesOf(model).flatMap(({ input, output }) => [...input, ...output]);
  const odd = [
    "",
    "nowhere",
    "__proto__",
    "constructor",
    "toString",
    "a\u0000b",
    "\u202egnp.exe",
    "x".repeat(5000),
  ];
  return (choose(3) === 0 ? pick(odd, choose) : pick(names, choose)) ?? "nowhere";
}

const oddNumbers = [
  -1,
  0,
  1,
  2,
  -(2 ** 31),
  2 ** 31,
  2 ** 32,
  2 ** 40,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
];
const oddInts = [0n, 1n, -1n, 7n, 2n ** 31n, -(2n ** 31n), 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
const odd = (choose: Choose) => pick(oddNumbers, choose) ?? 0;

export const mutations: Readonly<Record<string, Mutation>> = {
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
  "another opset": (model, choose) => {
    model.opsetImport = [{ domain: "", version: odd(choose) }];
  },
  "no opset": (model, choose) => {
    model.opsetImport = [];
    model.irVersion = choose(20);
  },
  "other dimensions": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (!target) return;
    if (choose(2) === 0) target.dims.push(odd(choose));
    else target.dims[choose(target.dims.length + 1)] = odd(choose);
  },
  "another element type": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (target)
      target.dataType = pick([0, 1, 2, 3, 7, 8, 9, 10, 11, 14, 16, 17, 22, 24, 26, 27, 99, -1], choose) ?? 0;
  },
  "values of another length": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (target) target.rawData = new Uint8Array(pick([0, 1, 3, 4, 8, 100_000], choose) ?? 0);
  },
  "values in two fields": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (!target) return;
    target.floatData = Float32Array.of(1, Number.NaN);
    target.int64Data = BigInt64Array.of(-1n);
  },
  "values that are no numbers": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    const bytes = target?.rawData;
    if (target && bytes) target.rawData = new Uint8Array(bytes.length).fill(choose(2) === 0 ? 0xff : 0x7f);
  },
  "external data": (model, choose) => {
    const target = pick(tensorsOf(model), choose);
    if (!target) return;
    const places = [
      "../../etc/passwd",
      "/etc/passwd",
      "C:\\x",
      "a/../../b",
      "",
      "w.bin",
      "file:///x",
      "\u0000",
    ];
    target.dataLocation = choose(3);
    target.externalData = [
      { key: "location", value: pick(places, choose) ?? "" },
      { key: "offset", value: pick(["-1", "9999999999999999", "1e5", "0"], choose) ?? "" },
      { key: "length", value: pick(["4", "-4", "99999999999999999999"], choose) ?? "" },
    ];
    if (choose(2) === 0) delete target.rawData;
  },
  "an initializer twice": (model, choose) => {
    const target = pick(model.graph.initializer, choose);
    if (target) model.graph.initializer.push(target);
  },
  "an initializer less": (model, choose) => {
    model.graph.initializer.splice(choose(model.graph.initializer.length + 1), 1);
  },
  "a sparse initializer": (model, choose) => {
    const [values] = model.graph.initializer;
    const indices: Tensor = {
      dims: [odd(choose)],
      dataType: 7,
      int64Data: BigInt64Array.of(pick(oddInts, choose) ?? 0n),
    };
    model.graph.sparseInitializer = [{ values, indices, dims: [odd(choose), odd(choose)] }];
  },
  "an attribute of another type": (model, choose) => {
    const target = pick(pick(nodesOf(model), choose)?.attribute ?? [], choose);
    if (target) target.type = choose(17);
  },
  "an attribute of another value": (model, choose) => {
    const target = pick(pick(nodesOf(model), choose)?.attribute ?? [], choose);
    if (!target) return;
    const { name } = target;
    for (const key of Object.keys(target)) Reflect.deleteProperty(target, key);
    const ints = Array.from({ length: choose(6) }, () => pick(oddInts, choose) ?? 0n);
    const values = [
      { i: pick(oddInts, choose) ?? 0n, type: attributeType.int },
      { ints, type: attributeType.ints },
      { f: Number.NaN, type: attributeType.float },
      { floats: [Number.POSITIVE_INFINITY, -0], type: attributeType.floats },
      { s: Uint8Array.of(0xff, 0xfe, 0), type: attributeType.string },
      { strings: [new Uint8Array()], type: attributeType.strings },
      { t: { dims: [odd(choose)], dataType: 1 }, type: attributeType.tensor },
      { g: graph({ node: [], output: [] }), type: attributeType.graph },
      { type: choose(17) },
    ];
    Object.assign(target, { name }, pick(values, choose));
  },
  "an attribute less": (model, choose) => {
    const target = pick(nodesOf(model), choose);
    target?.attribute.splice(choose(target.attribute.length + 1), 1);
  },
  "an attribute of the function around": (model, choose) => {
    const target = pick(pick(nodesOf(model), choose)?.attribute ?? [], choose);
    if (target) target.refAttrName = anyName(model, choose);
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
};
