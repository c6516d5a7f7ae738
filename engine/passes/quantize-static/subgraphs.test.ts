import { describe, expect, it } from "vitest";
import { makeInt } from "#engine/onnx/attributes.ts";
import { floats, graph, graphAttribute, model, node, value, weight } from "../testing/build.ts";
import { ops, run, useComparer, x, y } from "./testing/checks.ts";

const { check } = useComparer();

describe("subgraphs", () => {
  const branch = (output: string, source: string, initializer = [weight(`${output}_w`, [16, 16], 9)]) =>
    graph({
      name: output,
      output: [value(output, ["n", 16])],
      node: [node("MatMul", [source, `${output}_w`], [output])],
      initializer,
    });
  const source = model(
    graph({
      input: [x],
      output: [y],
      node: [
        node("Gemm", ["x", "w", "b"], ["g"]),
        node("Relu", ["g"], ["r"]),
        node("ReduceSum", ["r"], ["sum"], [makeInt("keepdims", 0)]),
        node("Greater", ["sum", "zero"], ["positive"]),
        node(
          "If",
          ["positive"],
          ["z"],
          [graphAttribute("then_branch", branch("t", "r")), graphAttribute("else_branch", branch("e", "r"))],
        ),
        node("MatMul", ["z", "w"], ["y"]),
      ],
      initializer: [weight("w", [16, 16]), weight("b", [16], 2), floats("zero", [], [0])],
    }),
  );

  it("are not calibrated, and what they read keeps its meaning", async () => {
    const made = await check(source, {}, 0.998);
    // The branches read the result of the Relu: it cannot go.
    expect(ops(made.qdq)).toContain("Relu");
    const { result } = await run(source);
    expect(result.skipped.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      "n_t: it is in a subgraph, and only the main graph is calibrated",
      "n_e: it is in a subgraph, and only the main graph is calibrated",
    ]);
  });

  it("a model whose weights are all in subgraphs is not applicable", async () => {
    const inner = model(
      graph({
        input: [x, value("c", [], "bool")],
        output: [y],
        node: [
          node(
            "If",
            ["c"],
            ["y"],
            [
              graphAttribute("then_branch", branch("t", "x")),
              graphAttribute("else_branch", branch("e", "x")),
            ],
          ),
        ],
      }),
    );
    const { result } = await run(inner);
    expect(result.changed).toEqual([]);
    expect(result.skipped.some(({ reason }) => reason.includes("only the main graph"))).toBe(true);
  });
});
