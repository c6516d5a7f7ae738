import { makeInt } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { attributeType, type Model } from "#engine/onnx/model.ts";
import { graph, graphAttribute, int64s, model, node, value, weight } from "#engine/passes/testing/build.ts";

/** A small valid model of many constructs: branches, a loop, a function, a sparse weight, tied and shared weights. */
export function everything(): Model {
  const branch = (name: string, op: string) =>
    graph({ name, node: [node(op, ["h", "w"], [`${name}_y`])], output: [value(`${name}_y`, ["n", 8])] });
  const body = graph({
    name: "body",
    input: [value("i", [], "int64"), value("go", [], "bool"), value("state", ["n", 8])],
    node: [node("Identity", ["go"], ["on"]), node("MatMul", ["state", "w"], ["next"])],
    output: [value("on", [], "bool"), value("next", ["n", 8])],
  });
  const made = model(
    graph({
      input: [value("x", ["n", 8]), value("c", [], "bool")],
      node: [
        node(
          "Constant",
          [],
          ["turns"],
          [{ name: "value", t: int64s("", [3], []), type: attributeType.tensor }],
        ),
        node("MatMul", ["x", "w"], ["h0"]),
        node("Transpose", ["w"], ["wt"], [{ name: "perm", ints: [1n, 0n], type: attributeType.ints }]),
        node("MatMul", ["h0", "wt"], ["h1"]),
        { ...node("Scaled", ["h1"], ["h"]), domain: "local" },
        node(
          "If",
          ["c"],
          ["b"],
          [
            graphAttribute("then_branch", branch("t", "MatMul")),
            graphAttribute("else_branch", branch("e", "Gemm")),
          ],
        ),
        node("Loop", ["turns", "c", "b"], ["l"], [graphAttribute("body", body)]),
        node("Conv", ["image", "k"], ["unused"], [makeInt("group", 1)]),
        node("Gather", ["w", "rows"], ["g"], [makeInt("axis", 0)]),
        node("Reshape", ["l", "shape"], ["r"]),
        node("Gemm", ["r", "w", "bias"], ["y"], [makeInt("transB", 1)]),
      ],
      output: [value("y", ["n", 8]), value("g", [2, 8])],
      initializer: [
        weight("w", [8, 8], 1),
        weight("bias", [8], 2),
        weight("k", [2, 1, 3, 3], 3),
        weight("image", [1, 1, 8, 8], 4),
        int64s("rows", [0, 5]),
        int64s("shape", [-1, 8]),
      ],
    }),
  );
  made.graph.sparseInitializer = [
    {
      values: makeTensor("sparse", "float32", [2], Float32Array.of(1, 2)),
      indices: makeTensor("", "int64", [2], BigInt64Array.of(3n, 60n)),
      dims: [8, 8],
    },
  ];
  made.functions = [
    {
      name: "Scaled",
      domain: "local",
      input: ["a"],
      output: ["b"],
      opsetImport: [{ domain: "", version: 17 }],
      node: [node("Add", ["a", "a"], ["b"])],
    },
  ];
  made.opsetImport.push({ domain: "local", version: 1 });
  return made;
}
