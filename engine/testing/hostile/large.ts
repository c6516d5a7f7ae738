import { makeInt } from "#engine/onnx/attributes.ts";
import { attributeType, type Graph, type Model, type Node, type Tensor } from "#engine/onnx/model.ts";
import { graph, graphAttribute, int64s, model, node, value, weight } from "#engine/passes/testing/build.ts";

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const wrap = (nodes: Node[], output: string, initializer: Tensor[] = []): Model =>
  model(
    graph({
      input: [value("x", [256]), value("c", [], "bool")],
      output: [value(output, [])],
      node: nodes,
      initializer,
    }),
  );

function chain(op: string, count: number, more: readonly string[] = []): Node[] {
  return range(count).map((at) => node(op, [at === 0 ? "x" : `v${at - 1}`, ...more], [`v${at}`]));
}

/** `op` around itself: each level holds `make(level)` and the level below. */
function nested(depth: number, outer: (inner: Graph, at: number) => Node, core: Graph): Graph {
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

const loopOf = (body: Graph, at: number) =>
  node("Loop", ["turns", "c", "x"], [`loop${at}`], [graphAttribute("body", body)]);
const ifWithout = (branch: Graph, at: number) =>
  node("If", ["c"], [`if${at}`], [graphAttribute("then_branch", branch)]);
const ifOf = (branch: Graph, at: number) =>
  node(
    "If",
    ["c"],
    [`if${at}`],
    [graphAttribute("then_branch", branch), graphAttribute("else_branch", branch)],
  );

/** Small files, or files of a few megabytes at most, that ask for far more work than their size is worth. */
export const large: Readonly<Record<string, () => Model>> = {
  "a chain of 20,000 nodes": () => wrap(chain("Relu", 20_000), "v19999"),
  "a chain of 10,000 nodes in reverse order": () => wrap(chain("Relu", 10_000).reverse(), "v9999"),
  "5,000 nodes that read one weight": () =>
    wrap(
      range(5_000).map((at) => node("MatMul", ["x", "w"], [`y${at}`])),
      "y0",
      [weight("w", [256, 256])],
    ),
  "5,000 weights": () =>
    wrap(
      range(5_000).map((at) => node("MatMul", ["x", `w${at}`], [`y${at}`])),
      "y0",
      range(5_000).map((at) => weight(`w${at}`, [8, 8], at)),
    ),
  "a node of 50,000 inputs": () =>
    wrap(
      [
        node(
          "Concat",
          range(50_000).map(() => "x"),
          ["y"],
          [makeInt("axis", 0)],
        ),
      ],
      "y",
    ),
  "ten nodes of 50,000 small shapes": () =>
    wrap(
      range(10).map((at) =>
        node(
          "Concat",
          range(50_000).map(() => "s"),
          [`y${at}`],
          [makeInt("axis", 0)],
        ),
      ),
      "y0",
      [int64s("s", range(256))],
    ),
  "a node of 50,000 outputs": () =>
    wrap(
      [
        node(
          "Split",
          ["x"],
          range(50_000).map((at) => `y${at}`),
        ),
      ],
      "y0",
    ),
  "a tensor that is doubled 60 times": () =>
    wrap(
      range(60).map((at) =>
        node("Concat", [at ? `v${at - 1}` : "w", at ? `v${at - 1}` : "w"], [`v${at}`], [makeInt("axis", 0)]),
      ),
      "v59",
      [weight("w", [16, 16])],
    ),
  "a weight made of a tensor that is doubled 60 times": () =>
    wrap(
      [
        ...range(60).map((at) =>
          node(
            "Concat",
            [at ? `v${at - 1}` : "w", at ? `v${at - 1}` : "w"],
            [`v${at}`],
            [makeInt("axis", 0)],
          ),
        ),
        node("LSTM", ["x", "v59", "v59"], ["y"], [makeInt("hidden_size", 4)]),
      ],
      "y",
      [weight("w", [1, 16, 16])],
    ),
  "a range of 2^53": () =>
    wrap([node("Range", ["zero", "many", "one"], ["r"]), node("Relu", ["r"], ["y"])], "y", [
      int64s("zero", [0], []),
      int64s("many", [Number.MAX_SAFE_INTEGER], []),
      int64s("one", [1], []),
    ]),
  "1,000 tensors of 2^60 elements": () =>
    wrap(
      range(1000).map((at) => node("ConstantOfShape", ["s"], [`y${at}`])),
      "y0",
      [int64s("s", [2 ** 30, 2 ** 30])],
    ),
  "1,000 expansions to impossible shapes": () =>
    wrap(
      range(1000).map((at) => node("Expand", ["one", "s"], [`y${at}`])),
      "y0",
      [int64s("one", [1]), int64s("s", [-4])],
    ),
  "500 choices among broadcast shapes": () =>
    wrap(
      range(500).map((at) => node("Where", ["a", "b", "d"], [`y${at}`])),
      "y0",
      [
        { name: "a", dataType: 9, dims: [256, 1, 1], rawData: new Uint8Array(256).fill(1) },
        int64s("b", range(256), [1, 256, 1]),
        int64s("d", range(256), [1, 1, 256]),
      ],
    ),
  "10,000 sums of tensors of 50,000 dimensions": () => {
    const made = wrap(chain("Add", 10_000, ["x"]), "v9999");
    const [input] = made.graph.input;
    if (input) made.graph.input[0] = value("x", new Array<number>(50_000).fill(1));
    return made;
  },
  "a weight of 100,000 dimensions": () =>
    wrap([node("MatMul", ["x", "w"], ["y"])], "y", [
      { name: "w", dataType: 1, dims: new Array<number>(100_000).fill(1), rawData: new Uint8Array(4) },
    ]),
  "an empty weight of 2^53 rows": () =>
    wrap([node("MatMul", ["x", "w"], ["y"])], "y", [
      { name: "w", dataType: 1, dims: [Number.MAX_SAFE_INTEGER, 0], rawData: new Uint8Array() },
    ]),
  "branches in branches, 2^20 of them": () =>
    wrap(
      [
        ifOf(
          nested(
            4,
            ifOf,
            graph({
              node: range(20).map((at) => node("Relu", ["x"], [`r${at}`])),
              output: [value("r0", [])],
            }),
          ),
          99,
        ),
      ],
      "if99",
    ),
  "loops in loops, 25 deep, around 3,000 nodes": () =>
    wrap(
      [
        loopOf(
          nested(
            25,
            loopOf,
            graph({
              input: [value("i", [], "int64"), value("go", [], "bool"), value("state", [])],
              node: range(3000).map((at) => node("Relu", ["x"], [`r${at}`])),
              output: [value("c", [], "bool"), value("r0", [])],
            }),
          ),
          99,
        ),
      ],
      "loop99",
      [int64s("turns", [9], [])],
    ),
  "5,000 branches": () =>
    wrap(
      range(5_000).map((at) =>
        ifOf(graph({ node: [node("Relu", ["x"], [`r${at}`])], output: [value(`r${at}`, [])] }), at),
      ),
      "if0",
    ),
  "a node of 50,000 empty graphs": () => {
    const many = node("Scan", ["x"], ["y"]);
    many.attribute.push({
      name: "graphs",
      type: attributeType.graphs,
      graphs: range(50_000).map(() => graph({ node: [], output: [] })),
    });
    return wrap([many], "y");
  },
  "functions that call two others each, 40 levels of them": () => {
    const made = wrap([{ ...node("f0", ["x"], ["y"]), domain: "local" }], "y");
    made.functions = range(40).map((at) => ({
      name: `f${at}`,
      domain: "local",
      input: ["a"],
      output: ["b"],
      opsetImport: [{ domain: "", version: 17 }],
      node:
        at === 39
          ? [node("Relu", ["a"], ["b"])]
          : [
              { ...node(`f${at + 1}`, ["a"], ["m"]), domain: "local" },
              { ...node(`f${at + 1}`, ["m"], ["b"]), domain: "local" },
            ],
    }));
    made.opsetImport.push({ domain: "local", version: 1 });
    return made;
  },
  "2,000 functions that call the next": () => {
    const made = wrap([{ ...node("f0", ["x"], ["y"]), domain: "local" }], "y");
    made.functions = range(2_000).map((at) => ({
      name: `f${at}`,
      domain: "local",
      input: ["a"],
      output: ["b"],
      opsetImport: [{ domain: "", version: 17 }],
      node: [
        at === 1999 ? node("Relu", ["a"], ["b"]) : { ...node(`f${at + 1}`, ["a"], ["b"]), domain: "local" },
      ],
    }));
    made.opsetImport.push({ domain: "local", version: 1 });
    return made;
  },
  "names of a megabyte, in branches in branches": () => {
    const name = "n".repeat(2 ** 20);
    const inner = nested(
      25,
      (body, at) => ({ ...ifWithout(body, at), name }),
      graph({ node: [], output: [] }),
    );
    return wrap([{ ...ifWithout(inner, 99), name }], "if99");
  },
  "100,000 attributes": () => {
    const many = node("Relu", ["x"], ["y"]);
    many.attribute = range(100_000).map((at) => makeInt(`a${at}`, at));
    return wrap([many], "y");
  },
  "50,000 outputs of the model that nothing makes": () => {
    const made = wrap([], "y");
    made.graph.output = range(50_000).map((at) => value(`y${at}`, [1]));
    return made;
  },
  "symbols that every object has": () => {
    const made = wrap([node("MatMul", ["x", "w"], ["y"])], "y", [weight("w", [16, 4])]);
    made.graph.input[0] = value("x", ["constructor", "__proto__", 16]);
    return made;
  },
};
