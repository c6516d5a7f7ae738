import { afterAll, describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { makeFloat, makeInt, makeNode, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { castFloat16Schema } from "../cast.float16.schema.ts";
import { castFloat16 } from "../cast.float16.ts";
import { silent } from "../pass.ts";
import {
  floats,
  graph,
  graphAttribute,
  int64s,
  model,
  names,
  node,
  opTypes,
  value,
  weight,
} from "../testing/build.ts";
import { type CompareRequest, Comparer } from "../testing/compare.ts";
import { type EnglishResult, inEnglish } from "../testing/in-english.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function convert(
  source: Model,
  options: object = {},
): Promise<{ result: EnglishResult; changed: Model }> {
  const changed = cloneStructure(source);
  const parsed = castFloat16Schema.parse({ use: "cast.float16", ...options });
  return { result: inEnglish(await castFloat16(changed, parsed, silent)), changed };
}

async function expectClose(source: Model, changed: Model, options: Partial<CompareRequest> = {}) {
  const { error, outputs } = await comparer.compare(source, changed, options);
  expect(error).toBeUndefined();
  expect(outputs.length).toBeGreaterThan(0);
  for (const output of outputs) {
    expect(output.finite, output.name).toBe(true);
    expect(output.cosine, output.name).toBeGreaterThan(0.99999);
  }
}

const x = value("x", [4, 8]);
const y = value("y", [4, 8]);
const w = weight("w", [8, 8]);

describe("operators that stay in float32", () => {
  it("hands a value from one to the next without rounding it, and casts a shared one once", async () => {
    const source = model(
      graph({
        input: [x],
        output: [y, value("z", [4, 8])],
        node: [
          node("MatMul", ["x", "w"], ["a"]),
          node("Max", ["a", "low"], ["b"]),
          node("Min", ["b", "high"], ["y"]),
          node("Min", ["a", "high"], ["z"]),
        ],
        initializer: [w, floats("low", [1], [-0.25]), floats("high", [1], [1e30])],
      }),
    );
    const { changed } = await convert(source);
    expect(opTypes(changed.graph)).toEqual(["Cast", "MatMul", "Cast", "Max", "Min", "Min"]);
    expect(changed.graph.initializer.map((tensor) => tensor.dataType)).toEqual([
      dtypes.float16.code,
      dtypes.float32.code,
      dtypes.float32.code,
    ]);
    await expectClose(source, changed);
  });

  it("keeps both forms of a constant that both kinds of operators read", async () => {
    const source = model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("Constant", [], ["k"], [makeFloat("value_float", 0.3)]),
          node("Max", ["x", "c"], ["a"]),
          node("Max", ["a", "k"], ["a2"]),
          node("Add", ["a2", "c"], ["b"]),
          node("Mul", ["b", "k"], ["b2"]),
          node("MatMul", ["b2", "w"], ["y"]),
        ],
        initializer: [w, floats("c", [1], [0.1])],
      }),
    );
    const { changed } = await convert(source);
    expect(names(changed.graph.initializer)).toEqual(["w", "c", "c_cast_to_fp16"]);
    await expectClose(source, changed);
  });

  it("by the name of a node, control flow included", async () => {
    const source = loop();
    const { changed } = await convert(source, { node_block_list: ["n_y"] });
    const body = changed.graph.node.find((entry) => entry.opType === "Loop")?.attribute[0]?.g;
    expect(opTypes(body ?? source.graph)).not.toContain("Cast");
    await expectClose(source, changed);
  });

  it("Resize keeps its scales, and operators of unknown domains are fed float32", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 1, 4, 4])],
        output: [value("y", [1, 1, 8, 8])],
        node: [node("Add", ["x", "b"], ["a"]), node("Resize", ["a", "", "scales"], ["y"])],
        initializer: [weight("b", [1, 1, 4, 4]), floats("scales", [4], [1, 1, 2, 2])],
      }),
    );
    const { changed } = await convert(source);
    expect(changed.graph.initializer.map((tensor) => tensor.dataType)).toEqual([10, 1]);
    await expectClose(source, changed);
  });
});

function loop(): Model {
  const body = graph({
    input: [value("i", [], "int64"), value("go", [], "bool"), value("s", [4, 8])],
    output: [value("go_on", [], "bool"), value("s_next", [4, 8]), value("seen", [4, 8])],
    node: [
      node("Identity", ["go"], ["go_on"]),
      node("MatMul", ["s", "w"], ["m"]),
      node("Max", ["m", "floor"], ["k"]),
      node("Add", ["k", "h"], ["sum"]),
      node("Tanh", ["sum"], ["s_next"]),
      node("Identity", ["h"], ["seen"]),
    ],
    initializer: [floats("floor", [1], [-0.5])],
  });
  return model(
    graph({
      input: [x],
      output: [y, value("all", [3, 4, 8])],
      node: [
        node("Min", ["x", "cap"], ["h"]),
        node("Loop", ["turns", "", "x"], ["y", "all"], [graphAttribute("body", body)]),
      ],
      initializer: [weight("w", [8, 8], 1, 0.4), int64s("turns", [3], []), floats("cap", [1], [0.9])],
    }),
  );
}

describe("subgraphs", () => {
  it("of Loop: state, captured values and scan outputs", async () => {
    const source = loop();
    const { changed, result } = await convert(source);
    expect(result.changed.map(({ name }) => name)).toContain("w");
    await expectClose(source, changed);
  });

  it.each([8, 9])("of Scan of opset %d, whose body need not declare types", async (opset) => {
    const body = graph({
      input: [{ name: "s" }, { name: "slice" }],
      output: [{ name: "s_next" }, { name: "seen" }],
      node: [
        node("Add", ["s", "slice"], ["sum"]),
        node("Mul", ["sum", "scales"], ["s_next"]),
        node("Identity", ["s_next"], ["seen"]),
      ],
    });
    const batch = opset === 8 ? [2] : [];
    const source = model(
      graph({
        input: [value("start", [...batch, 64]), value("x", [...batch, 3, 64])],
        output: [value("y", [...batch, 64]), value("all", [...batch, 3, 64])],
        node: [
          node(
            "Scan",
            [...(opset === 8 ? [""] : []), "start", "x"],
            ["y", "all"],
            [makeInt("num_scan_inputs", 1), graphAttribute("body", body)],
          ),
        ],
        initializer: [weight("scales", [64])],
      }),
      opset,
    );
    const { changed, result } = await convert(source);
    expect(result.changed.map(({ name }) => name)).toContain("scales");
    await expectClose(source, changed);
  });

  it("of If: a branch may return what it captures, a constant, or what it computes", async () => {
    const branch = (name: string, output: string, nodes = [] as ReturnType<typeof node>[], own = false) =>
      graph({
        name,
        output: [value(output, [4, 8])],
        node: nodes,
        initializer: own ? [weight(output, [4, 8], 9)] : [],
      });
    for (const [then, otherwise] of [
      [
        branch("t", "tx", [node("Identity", ["x"], ["tx"])]),
        branch("e", "ew", [node("Identity", ["w48"], ["ew"])]),
      ],
      [branch("t", "own", [], true), branch("e", "r", [node("Relu", ["a"], ["r"])])],
      [
        branch("t", "m", [node("Max", ["a", "a"], ["m"])]),
        branch("e", "ea", [node("Identity", ["a"], ["ea"])]),
      ],
    ] as const) {
      const source = model(
        graph({
          input: [x, value("c", [], "bool")],
          output: [y],
          node: [
            node("Tanh", ["x"], ["a"]),
            node(
              "If",
              ["c"],
              ["picked"],
              [graphAttribute("then_branch", then), graphAttribute("else_branch", otherwise)],
            ),
            node("MatMul", ["picked", "w"], ["y"]),
          ],
          initializer: [w, weight("w48", [4, 8], 5)],
        }),
      );
      const { changed } = await convert(source);
      for (const seed of [1, 2, 3, 4]) await expectClose(source, changed, { seed });
    }
  });
});

describe("inputs and outputs", () => {
  const direct = () =>
    model(
      graph({
        input: [x],
        output: [y, value("w", [8, 8]), value("x2", [4, 8])],
        node: [node("MatMul", ["x", "w"], ["y"]), node("Identity", ["x"], ["x2"])],
        initializer: [w],
      }),
    );

  it("stay float32 by default, weights and inputs that are outputs included", async () => {
    const { changed } = await convert(direct());
    expect(changed.graph.output.map((output) => output.type?.tensorType?.elemType)).toEqual([1, 1, 1]);
    await expectClose(direct(), changed);
  });

  it("become float16 if wanted", async () => {
    const { changed } = await convert(direct(), { keep_io_types: false });
    const types = [...changed.graph.input, ...changed.graph.output].map(
      (entry) => entry.type?.tensorType?.elemType,
    );
    expect(types).toEqual([10, 10, 10, 10]);
    expect(opTypes(changed.graph)).toEqual(["MatMul", "Identity"]);
  });

  it("an input without a reader stays without a cast", async () => {
    const source = direct();
    source.graph.input.push(value("unused", [2]));
    const { changed } = await convert(source);
    expect(changed.graph.input.map((input) => input.name)).toEqual(["x", "unused"]);
    expect(opTypes(changed.graph).filter((op) => op === "Cast")).toHaveLength(3);
  });
});

describe("not applicable", () => {
  it("without float32 weights", async () => {
    const source = model(graph({ input: [x], output: [y], node: [node("Relu", ["x"], ["y"])] }));
    expect((await convert(source)).result.skipped).toEqual([
      { name: "model", reason: "it has no float32 weights to convert" },
    ]);
  });

  it("on a quantised model", async () => {
    const source = model(
      graph({
        input: [x],
        output: [value("y", [4, 8], "uint8")],
        node: [node("DynamicQuantizeLinear", ["x"], ["y", "s", "z"])],
      }),
    );
    expect((await convert(source)).result.skipped[0]?.reason).toContain("quantised already");
  });

  it("where the type of a value is not known, naming it", async () => {
    const source = model(
      graph({
        input: [x],
        output: [y],
        node: [
          makeNode("Mystery", ["x"], ["a"], { domain: "com.example" }),
          node("MatMul", ["a", "w"], ["y"]),
        ],
        initializer: [w],
      }),
    );
    expect((await convert(source)).result.skipped[0]?.reason).toBe(
      'the element type of "a", made by Mystery that makes "a", is not known',
    );
  });
});

describe("constants", () => {
  it("beyond the range of float16 are clamped, and counted in a warning", async () => {
    const source = model(
      graph({
        input: [x],
        output: [y],
        node: [
          node(
            "Constant",
            [],
            ["mask"],
            [makeTensorAttribute("value", floats("", [1, 8], [0, -1e9, 0, 0, -3e38, 0, 0, 0]))],
          ),
          node("MatMul", ["x", "w"], ["a"]),
          node("Add", ["a", "mask"], ["b"]),
          node("Softmax", ["b"], ["y"], [makeInt("axis", -1)]),
        ],
        initializer: [w],
      }),
    );
    const { changed, result } = await convert(source);
    expect(result.warnings).toEqual(["2 values beyond ±65504 became ±65504, the largest float16"]);
    await expectClose(source, changed);
  });

  it("ConstantOfShape and Cast give float16", async () => {
    const source = model(
      graph({
        input: [x, value("n", [4, 8], "int64")],
        output: [y],
        node: [
          node("Shape", ["x"], ["shape"]),
          node("ConstantOfShape", ["shape"], ["zeros"]),
          node("Cast", ["n"], ["nf"], [makeInt("to", 1)]),
          node("Add", ["zeros", "nf"], ["a"]),
          node("MatMul", ["a", "w"], ["y"]),
        ],
        initializer: [w],
      }),
    );
    await expectClose(source, (await convert(source)).changed);
  });
});
