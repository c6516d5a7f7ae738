import { describe, expect, it } from "vitest";
import { makeFloat, makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { floats, graph, graphAttribute, model, node, value, weight } from "../testing/build.ts";
import { formats, image, run, useComparer, x, y } from "./testing/checks.ts";

const { check, comparer } = useComparer();

describe("biases", () => {
  it("one that two convolutions share has two scales", async () => {
    const nodes = [
      node("Conv", ["x", "v", "b"], ["a"], [makeInts("pads", [1, 1, 1, 1])]),
      node("Conv", ["a", "w", "b"], ["y"], [makeInts("pads", [1, 1, 1, 1])]),
    ];
    const initializer = [
      weight("v", [4, 4, 3, 3], 1, 0.2),
      weight("w", [4, 4, 3, 3], 2, 5),
      weight("b", [4], 3),
    ];
    const source = model(
      graph({ input: [image], output: [value("y", ["n", 4, 8, 8])], node: nodes, initializer }),
    );
    await check(source);
  });

  it("one that an Add reads too", async () => {
    const nodes = [node("Gemm", ["x", "w", "b"], ["a"]), node("Add", ["a", "b"], ["y"])];
    const initializer = [weight("w", [16, 16]), weight("b", [16], 2)];
    await check(model(graph({ input: [x], output: [y], node: nodes, initializer })));
  });

  it("one that an Add in float32 or a branch reads too keeps its values for them", async () => {
    const branch = (name: string, input: string) =>
      graph({ name, output: [value(name, ["n", 16])], node: [node("Add", [input, "b"], [name])] });
    const initializer = [weight("w", [16, 16]), weight("b", [16], 2), floats("zero", [], [0])];
    const excluded = model(
      graph({
        input: [x],
        output: [y],
        node: [node("Gemm", ["x", "w", "b"], ["a"]), node("Add", ["a", "b"], ["y"])],
        initializer,
      }),
    );
    const branches = model(
      graph({
        input: [x],
        output: [y],
        node: [
          node("Gemm", ["x", "w", "b"], ["a"]),
          node("ReduceSum", ["a"], ["sum"], [makeInt("keepdims", 0)]),
          node("Greater", ["sum", "zero"], ["positive"]),
          node(
            "If",
            ["positive"],
            ["y"],
            [
              graphAttribute("then_branch", branch("t", "a")),
              graphAttribute("else_branch", branch("e", "a")),
            ],
          ),
        ],
        initializer,
      }),
    );
    for (const source of [excluded, branches]) {
      const made = await check(source, { nodes_to_exclude: ["n_y", "n_t", "n_e"] });
      for (const format of formats) {
        const kept = made[format]?.graph.initializer.find(({ name }) => name === "b");
        expect(kept).toEqual(source.graph.initializer[1]);
      }
    }
  });

  it.each([
    [0.5, 1],
    [1, 3],
    [2, 0.25],
  ])("alpha %f and beta %f of Gemm", async (alpha, beta) => {
    const attributes = [makeFloat("alpha", alpha), makeFloat("beta", beta)];
    const nodes = [
      node("Gemm", ["x", "w", "b"], ["a"], attributes),
      node("Gemm", ["a", "w", "b"], ["y"], attributes),
    ];
    const initializer = [weight("w", [16, 16]), weight("b", [16], 2, 4)];
    await check(model(graph({ input: [x], output: [y], node: nodes, initializer })));
  });

  it("one per row or one for all stays a float per channel, and is right", async () => {
    for (const dims of [[1], [1, 16], [1, 1]]) {
      const nodes = [node("Gemm", ["x", "w", "b"], ["y"])];
      const initializer = [weight("w", [16, 16]), weight("b", dims, 2)];
      for (const per_channel of [true, false]) {
        const source = model(graph({ input: [x], output: [y], node: nodes, initializer }));
        const { changed, result } = await run(source, { per_channel });
        expect(result.changed.length).toBeGreaterThan(0);
        const { error, outputs } = await comparer.compare(source, changed, { dims: { n: 4 } });
        expect(error).toBeUndefined();
        expect(outputs[0]?.cosine).toBeGreaterThan(0.999);
      }
    }
  });

  it("one that would overflow int32 raises the weight's scale", async () => {
    const initializer = [weight("w", [16, 16], 1, 1e-6), weight("b", [16], 2, 1e4)];
    const source = model(
      graph({ input: [x], output: [y], node: [node("Gemm", ["x", "w", "b"], ["y"])], initializer }),
    );
    await check(source, {}, 0.9999);
  });
});
