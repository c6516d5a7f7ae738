import { describe, expect, it } from "vitest";
import { makeInt } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { floats, graph, int64s, model, node, value, weight } from "./testing/build.ts";
import { dense, dimsOf, mlp, prune, structured } from "./testing/structured.ts";

describe("which units go", () => {
  it("the ones with the smallest norm over rows and columns, of equal ones the last", async () => {
    const source = dense(
      [node("MatMul", ["x", "a"], ["h"]), node("MatMul", ["h", "b"], ["y"])],
      [
        floats("a", [4, 4], [3, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        floats("b", [4, 3], [0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]),
      ],
    );
    const { changed, result } = await prune(source, { ratio: 0.5 });
    // Norms: 3, √82, 2, 1: the first two stay.
    expect([...readFloats(changed.graph.initializer[0] as Tensor)]).toEqual([3, 1, 0, 0, 0, 0, 0, 0]);
    expect([...readFloats(changed.graph.initializer[1] as Tensor)]).toEqual([0, 0, 0, 0, 9, 0]);
    expect(result.changed).toEqual([
      {
        name: "model",
        what: "2 of 4 removable units are gone; parameters 28 → 14; multiplications for one input 56 → 28",
      },
      { name: "n_h", what: "2 of 4 units stay" },
    ]);
    expect(result.skipped).toEqual([{ name: "n_y", reason: 'its units stay: it is the output "y"' }]);
    const equal = dense(
      [node("MatMul", ["x", "a"], ["h"]), node("MatMul", ["h", "b"], ["y"])],
      [
        floats("a", [4, 4], new Array(16).fill(1)),
        floats(
          "b",
          [4, 3],
          Array.from({ length: 12 }, () => 1),
        ),
      ],
    );
    expect(dimsOf((await prune(equal, { ratio: 0.5 })).changed, "a")).toEqual([4, 2]);
  });

  it("l1 and l2 differ", async () => {
    const source = dense(
      [node("MatMul", ["x", "a"], ["h"]), node("MatMul", ["h", "b"], ["y"])],
      // Unit 0: one weight of 3. Unit 1: four of 1.
      [floats("a", [4, 2], [3, 1, 0, 1, 0, 1, 0, 1]), floats("b", [2, 3], [0, 0, 0, 0, 0, 0])],
    );
    const first = async (importance: string) =>
      readFloats((await prune(source, { ratio: 0.5, importance })).changed.graph.initializer[0] as Tensor)[0];
    expect(await first("l2")).toBe(3);
    expect(await first("l1")).toBe(1);
  });

  it("globally by importance relative to the group's mean, at least min_units in each", async () => {
    const source = model(
      graph({
        input: [value("x", [2, 4])],
        output: [value("y", [2, 3])],
        node: [
          node("MatMul", ["x", "a"], ["h"]),
          node("Relu", ["h"], ["r"]),
          node("MatMul", ["r", "b"], ["i"]),
          node("MatMul", ["i", "c"], ["y"]),
        ],
        // The first layer's units are alike, half of the second's are nearly nothing.
        initializer: [
          floats("a", [4, 8], new Array(32).fill(1)),
          floats(
            "b",
            [8, 8],
            Array.from({ length: 64 }, (_, at) => (at % 8 < 4 ? 1e-6 : 1)),
          ),
          floats(
            "c",
            [8, 3],
            Array.from({ length: 24 }, (_, at) => (at < 12 ? 1e-6 : 1)),
          ),
        ],
      }),
    );
    const global = (await prune(source, { ratio: 0.25, scope: "global" })).changed;
    expect(dimsOf(global, "a")).toEqual([4, 8]);
    expect(dimsOf(global, "b")).toEqual([8, 4]);
    expect(dimsOf((await prune(source, { ratio: 0.9, scope: "global", min_units: 3 })).changed, "b")).toEqual(
      [3, 3],
    );
    expect(dimsOf((await prune(source, { ratio: 0.99, scope: "global" })).changed, "b")).toEqual([1, 1]);
    expect(dimsOf((await prune(source, { ratio: 0.25 })).changed, "b")).toEqual([6, 6]);
  });

  it("as many as a multiple leaves", async () => {
    expect(dimsOf((await prune(mlp(), { ratio: 0.5, round_to: 4 })).changed, "a")).toEqual([4, 8]);
    expect((await prune(mlp(), { ratio: 0.3, round_to: 8 })).result.changed[1]?.what).toBe(
      "8 of 10 units stay",
    );
    expect((await prune(mlp(), { ratio: 0.1, round_to: 8 })).result.skipped[0]?.reason).toMatch(
      /^every group keeps/,
    );
  });

  it("as many as a budget asks, or none where it cannot be met", async () => {
    const { changed } = await prune(mlp(), { budget: 0.5 });
    // 80 parameters; a unit takes 4 + 1 + 3.
    expect(dimsOf(changed, "a")).toEqual([4, 5]);
    const { result } = await prune(mlp(), { budget: 0.01 });
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toContain("more parameters than `budget` allows");
    expect(() => structured({ budget: 0.5, ratio: 0.5 })).toThrow("either ratio or budget");
  });

  it("none where one unit is left, and none again", async () => {
    const once = (await prune(mlp(), { ratio: 0.99 })).changed;
    expect(dimsOf(once, "a")).toEqual([4, 1]);
    const twice = await prune(once, { ratio: 0.99 });
    expect(twice.result.changed).toEqual([]);
    expect(twice.changed).toEqual(once);
  });

  it("none of what is protected by name, and unknown names are told", async () => {
    for (const name of ["a", "b", "n_h"]) {
      const { result } = await prune(mlp(), { protect: [name, "nobody"] });
      expect(result.changed).toEqual([]);
      expect(result.skipped[1]?.reason).toMatch(/protected by/);
      expect(result.warnings).toEqual(['"protect" names "nobody", which the model does not have']);
    }
  });

  it("is reported as not applicable where there is no layer", async () => {
    const source = model(
      graph({ input: [value("x", [2])], output: [value("y", [2])], node: [node("Relu", ["x"], ["y"])] }),
    );
    const { result } = await prune(source);
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toBe("it has no layer whose units can be removed");
  });
});

describe("what locks a group", () => {
  const locked = async (inner: Node[], extra: Tensor[] = []) => {
    const source = dense(
      [node("MatMul", ["x", "a"], ["h"]), ...inner, node("MatMul", ["i", "b"], ["y"])],
      [weight("a", [4, 10], 1), weight("b", [10, 3], 2), ...extra],
    );
    const { result } = await prune(source);
    expect(result.changed).toEqual([]);
    return result.skipped[1]?.reason;
  };

  it.each([
    ["LayerNormalization", ["h", "s"], 'its units stay: LayerNormalization "n_i" normalises over it'],
    ["Softmax", ["h"], 'its units stay: Softmax "n_i" normalises over it'],
    ["TopK", ["h", "k"], 'its units stay: TopK "n_i" is not followed'],
    ["CumSum", ["h", "k"], 'its units stay: CumSum "n_i" is not followed'],
  ])("%s", async (opType, inputs, reason) => {
    expect(await locked([node(opType, inputs, ["i"])], [weight("s", [10], 5), int64s("k", [1])])).toBe(
      reason,
    );
  });

  it("a computation with its size", async () => {
    const inner = [
      node("Shape", ["h"], ["size"]),
      node("Cast", ["size"], ["number"], [makeInt("to", 1)]),
      node("ReduceSum", ["number"], ["sum"], [makeInt("keepdims", 0)]),
      node("Div", ["h", "sum"], ["i"]),
    ];
    expect(await locked(inner)).toMatch(/^its units stay: ReduceSum "n_sum" reads it/);
  });

  it("a graph that carries training", async () => {
    const source = mlp();
    source.trainingInfo = [{ initializationBinding: [], updateBinding: [] }];
    expect((await prune(source)).result.skipped[0]?.reason).toBe("it carries graphs for training it");
  });
});
