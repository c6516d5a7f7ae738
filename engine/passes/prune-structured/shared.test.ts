import { afterAll, describe, expect, it } from "vitest";
import type { Node } from "#engine/onnx/model.ts";
import { graph, graphAttribute, int64s, model, node, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { dense, dimsOf, mlp, prune, pruneExactly } from "../testing/structured.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

describe("what is shared", () => {
  it("ties the layers that share a matrix, through Transpose and Identity too", async () => {
    const source = dense(
      [
        node("MatMul", ["x", "a"], ["h"]),
        node("Identity", ["b"], ["b2"]),
        node("Transpose", ["b"], ["bt"]),
        node("MatMul", ["h", "b"], ["i"]),
        node("MatMul", ["i", "b2"], ["j"]),
        node("MatMul", ["j", "bt"], ["k"]),
        node("MatMul", ["k", "c"], ["y"]),
      ],
      [weight("a", [4, 10], 1), weight("b", [10, 10], 2), weight("c", [10, 3], 3)],
    );
    const { changed } = await pruneExactly(comparer, source);
    expect(dimsOf(changed, "b")).toEqual([7, 7]);
  });

  it("locks a matrix that is read in another way as well, and says which node does", async () => {
    const source = dense(
      [
        node("MatMul", ["x", "a"], ["h"]),
        node("MatMul", ["h", "b"], ["m"]),
        node("Det", ["square"], ["d"]),
        node("MatMul", ["m", "square"], ["s"]),
        node("Add", ["s", "d"], ["y"]),
      ],
      [weight("a", [4, 10], 1), weight("b", [10, 3], 2), weight("square", [3, 3], 3)],
    );
    const { changed, result } = await pruneExactly(comparer, source);
    expect(dimsOf(changed, "b")).toEqual([7, 3]);
    expect(result.skipped).toContainEqual({
      name: "n_m",
      reason: 'its units stay: Det "n_d" is not followed',
    });
  });

  it("cuts a shared bias for each of its readers", async () => {
    const layer = (input: string, at: number, out: string) => [
      node("Gemm", [input, `w${at}`, "zeros"], [`g${at}`]),
      node("Relu", [`g${at}`], [out]),
    ];
    const source = dense(
      [...layer("x", 0, "h"), ...layer("h", 1, "i"), node("MatMul", ["i", "o"], ["y"])],
      [weight("w0", [4, 8], 1), weight("w1", [8, 8], 2), weight("zeros", [8], 4), weight("o", [8, 3], 3)],
    );
    const { changed } = await pruneExactly(comparer, source, { ratio: 0.5 });
    expect(changed.graph.initializer.filter(({ dims }) => dims.join() === "4")).toHaveLength(2);
    expect(changed.graph.initializer.find(({ name }) => name === "zeros")).toBeUndefined();
  });

  it("reaches into branches, and keeps what they hand out", async () => {
    const branch = (name: string, nodes: Node[]) =>
      graph({ name, node: nodes, output: [value(nodes.at(-1)?.output[0] ?? "", [2, 3])] });
    const source = model(
      graph({
        input: [value("x", [2, 4]), value("c", [], "bool")],
        output: [value("y", [2, 3])],
        node: [
          node("MatMul", ["x", "a"], ["h"]),
          node(
            "If",
            ["c"],
            ["y"],
            [
              graphAttribute("then_branch", branch("t", [node("MatMul", ["h", "b"], ["ty"])])),
              graphAttribute(
                "else_branch",
                branch("e", [
                  node("Relu", ["h"], ["er"]),
                  node("MatMul", ["er", "d"], ["em"]),
                  node("MatMul", ["em", "b2"], ["ey"]),
                ]),
              ),
            ],
          ),
        ],
        initializer: [
          weight("a", [4, 10], 1),
          weight("b", [10, 3], 2),
          weight("d", [10, 6], 3),
          weight("b2", [6, 3], 4),
        ],
      }),
    );
    const { changed } = await pruneExactly(comparer, source, { ratio: 0.5 });
    expect([dimsOf(changed, "b"), dimsOf(changed, "d")]).toEqual([
      [5, 3],
      [5, 3],
    ]);
  });

  it("keeps what a loop carries", async () => {
    const body = graph({
      name: "body",
      input: [value("i", [], "int64"), value("on", [], "bool"), value("s", [2, 10])],
      output: [value("on2", [], "bool"), value("s2", [2, 10])],
      node: [node("Identity", ["on"], ["on2"]), node("Add", ["s", "h"], ["s2"])],
    });
    const source = model(
      graph({
        input: [value("x", [2, 4])],
        output: [value("y", [2, 3])],
        node: [
          node("MatMul", ["x", "a"], ["h"]),
          node("Loop", ["turns", "", "h"], ["l"], [graphAttribute("body", body)]),
          node("MatMul", ["l", "b"], ["y"]),
        ],
        initializer: [weight("a", [4, 10], 1), weight("b", [10, 3], 2), int64s("turns", [3], [])],
      }),
    );
    const { result } = await prune(source);
    expect(result.changed).toEqual([]);
    expect(result.skipped[1]?.reason).toMatch(/^its units stay: (Add|Loop)/);
  });

  it("updates what the file declares: types of values, and initialisers that are inputs", async () => {
    const source = mlp();
    source.irVersion = 3;
    source.graph.valueInfo.push(value("h", [2, 10]));
    source.graph.input.push(value("a", [4, 10]), value("ab", [10]), value("b", [10, 3]));
    const { changed } = await pruneExactly(comparer, source);
    const sizes = (entries: typeof changed.graph.input) =>
      entries.map(({ type }) => type?.tensorType?.shape?.dim.map(({ dimValue }) => dimValue));
    expect(sizes(changed.graph.input)).toEqual([[2, 4], [4, 7], [7], [7, 3]]);
    expect(sizes(changed.graph.valueInfo)).toEqual([[2, 7]]);
  });
});
