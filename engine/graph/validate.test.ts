import { describe, expect, it } from "vitest";
import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { attributeType, type Graph, type Model, type Node } from "#engine/onnx/model.ts";
import { bytesOf, realModels } from "#engine/testing/models.ts";
import { modelProblems, validateModel } from "./validate.ts";

const x = makeValue("x", "float32", [2]);
const y = makeValue("y", "float32", [2]);

function graphOf(node: Node[], parts: Partial<Graph> = {}): Graph {
  return { ...makeGraph({ node, input: [x], output: [y] }), ...parts };
}
const modelOf = (node: Node[], parts: Partial<Graph> = {}, more: Partial<Model> = {}): Model => ({
  ...makeModel(graphOf(node, parts)),
  ...more,
});
const relu = () => makeNode("Relu", ["x"], ["y"]);
const tensor = () => makeTensor("w", "float32", [2], Float32Array.of(1, 2));

describe("problems of a graph", () => {
  it.each<[string, Model, RegExp]>([
    [
      "an input that nothing makes",
      modelOf([makeNode("Add", ["x", "z"], ["y"], { name: "sum" })]),
      /input 1, "z".*Add "sum"/,
    ],
    ["an output that nothing makes", modelOf([makeNode("Relu", ["x"], ["z"])]), /Nothing makes output "y"/],
    ["a name made twice", modelOf([relu(), relu()]), /"y" is made twice/],
    ["a name that is an input too", modelOf([makeNode("Relu", ["x"], ["x"]), relu()]), /"x" is made twice/],
    ["an input twice", modelOf([relu()], { input: [x, x] }), /Input "x" stands twice/],
    [
      "an initializer twice",
      modelOf([relu()], { initializer: [tensor(), tensor()] }),
      /Initializer "w" stands twice/,
    ],
    [
      "a nameless initializer",
      modelOf([relu()], { initializer: [{ ...tensor(), name: "" }] }),
      /has no name/,
    ],
    [
      "a cycle",
      modelOf([
        makeNode("Add", ["x", "b"], ["a"]),
        makeNode("Relu", ["a"], ["b"]),
        makeNode("Relu", ["b"], ["y"]),
      ]),
      /cycle/,
    ],
    ["a node that feeds itself", modelOf([makeNode("Add", ["x", "y"], ["y"])]), /cycle/],
    ["a node without operator", modelOf([makeNode("", ["x"], ["y"])]), /names no operator/],
    [
      "an attribute twice",
      modelOf([makeNode("Softmax", ["x"], ["y"], { attribute: [makeInt("axis", 0), makeInt("axis", 1)] })]),
      /stands twice/,
    ],
    [
      "an attribute against its type",
      modelOf([
        makeNode("Softmax", ["x"], ["y"], { attribute: [{ name: "axis", type: attributeType.int, f: 1 }] }),
      ]),
      /given as f too/,
    ],
    [
      "a graph attribute without graph",
      modelOf([
        makeNode("If", ["x"], ["y"], { attribute: [{ name: "then_branch", type: attributeType.graph }] }),
      ]),
      /value is missing/,
    ],
    [
      "a reference outside of a function",
      modelOf([
        makeNode("Softmax", ["x"], ["y"], {
          attribute: [{ name: "axis", type: attributeType.int, refAttrName: "a" }],
        }),
      ]),
      /outside of a function/,
    ],
    [
      "short tensor data",
      modelOf([relu()], { initializer: [{ ...tensor(), dims: [3] }] }),
      /shape \[3\] needs 12 bytes, the file has 8.*"w"/,
    ],
    [
      "an escape by external data",
      modelOf([relu()], {
        initializer: [
          {
            dims: [1],
            dataType: 1,
            name: "w",
            dataLocation: 1,
            externalData: [{ key: "location", value: "../x" }],
          },
        ],
      }),
      /leaves the folder/,
    ],
    ["no operator set", modelOf([relu()], {}, { opsetImport: [] }), /names no operator set/],
    [
      "an operator set twice",
      modelOf([relu()], {}, { opsetImport: [{ version: 13 }, { domain: "ai.onnx", version: 14 }] }),
      /imported twice/,
    ],
    ["opset zero", modelOf([relu()], {}, { opsetImport: [{ version: 0 }] }), /opset version 0/],
    [
      "an operator of no opset",
      modelOf([relu()], {}, { opsetImport: [{ domain: "com.microsoft", version: 1 }] }),
      /does not say which opset "Relu"/,
    ],
  ])("%s", (_, model, message) => {
    expect(() => validateModel(model)).toThrow(message);
  });

  it("in a subgraph are found with the way to them", () => {
    const branch = makeGraph({
      node: [makeNode("Relu", ["absent"], ["b"])],
      output: [makeValue("b", "float32")],
    });
    const choose = makeNode("If", ["x"], ["y"], {
      name: "choose",
      attribute: [{ name: "then_branch", type: attributeType.graph, g: branch }],
    });
    expect(() => validateModel(modelOf([choose]))).toThrow(/"absent".*main graph > If "choose" > graph 1/);
  });

  it("names break no line and stay short", () => {
    const [problem] = modelProblems(
      modelOf([makeNode("Add", ["x", `\n\u001b[31m${"z".repeat(5000)}`], ["y"])]),
    );
    expect(problem?.message).toMatch(/\\u000a\\u001b/);
    expect(problem?.message).not.toContain("\n");
    expect(problem?.message).not.toContain("\u001b");
    expect(problem?.message.length).toBeLessThan(400);
  });

  it("are listed up to a bound", () => {
    const nodes = Array.from({ length: 500 }, (_, at) => makeNode("Relu", ["absent"], [`v${at}`]));
    expect(modelProblems(modelOf([...nodes, relu()]))).toHaveLength(50);
  });
});

describe("sparse initializers", () => {
  const sparse = (indices: bigint[], dims = [4]) =>
    modelOf([relu()], {
      sparseInitializer: [
        {
          values: makeTensor("s", "float32", [2], Float32Array.of(1, 2)),
          indices: makeTensor("", "int64", [indices.length], BigInt64Array.from(indices)),
          dims,
        },
      ],
    });
  it("are valid within their shape", () => expect(() => validateModel(sparse([0n, 3n]))).not.toThrow());
  it("may not point outside", () =>
    expect(() => validateModel(sparse([0n, 4n]))).toThrow(/Index 4 lies outside/));
  it("may not point before", () => expect(() => validateModel(sparse([-1n, 2n]))).toThrow(/Index -1/));
  it("need an index for each value", () =>
    expect(() => validateModel(sparse([1n]))).toThrow(/do not fit 2 values/));
  it("need a possible shape", () =>
    expect(() => validateModel(sparse([0n, 1n], [-4]))).toThrow(/Impossible dimension/));
});

describe("local functions", () => {
  const body = (name: string, calls: string) => ({
    name,
    domain: "local",
    input: ["a"],
    output: ["b"],
    node: [makeNode(calls, ["a"], ["b"], { domain: calls === "Relu" ? "" : "local" })],
    opsetImport: [{ version: 17 }],
  });
  const call = makeNode("f", ["x"], ["y"], { domain: "local" });
  it("may call each other", () => {
    expect(() =>
      validateModel(modelOf([call], {}, { functions: [body("f", "g"), body("g", "Relu")] })),
    ).not.toThrow();
  });
  it("may not call themselves by way of others", () => {
    const model = modelOf([call], {}, { functions: [body("f", "g"), body("g", "f")] });
    expect(() => validateModel(model)).toThrow(/calls itself/);
  });
  it("have one body each", () => {
    const model = modelOf([call], {}, { functions: [body("f", "Relu"), body("f", "Relu")] });
    expect(() => validateModel(model)).toThrow(/same name/);
  });
});

const models = realModels("data/onnx", "data/torch", "data/huggingface", "golden");
describe.skipIf(models.length === 0)("real models", () => {
  it.each(models)("$name is valid", ({ path }) => {
    expect(modelProblems(decodeModel(bytesOf(path)))).toEqual([]);
  });
});
