import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { attributeType } from "#engine/onnx/model.ts";
import { indexModel } from "./index.ts";
import { uniqueNames } from "./names.ts";
import { namesCaptured, topologicalOrder } from "./order.ts";

const value = (name: string) => makeValue(name, "float32", [2]);

/** Main: h = Relu(x); y = If(c){ Add(h, w) } … where the branch has a `w` of its own. */
function nested() {
  const branch = makeGraph({
    node: [makeNode("Add", ["h", "w"], ["b"])],
    output: [value("b")],
    initializer: [makeTensor("w", "float32", [2], Float32Array.of(1, 2))],
  });
  const choose = makeNode("If", ["c"], ["y"], {
    attribute: [
      { name: "then_branch", type: attributeType.graph, g: branch },
      { name: "else_branch", type: attributeType.graph, g: makeGraph({ node: [], output: [value("h")] }) },
    ],
  });
  const graph = makeGraph({
    node: [makeNode("Relu", ["x"], ["h"]), choose, makeNode("Relu", ["w"], ["z"])],
    input: [value("x"), value("c")],
    output: [value("y"), value("z")],
    initializer: [makeTensor("w", "float32", [2], Float32Array.of(3, 4))],
  });
  return { model: makeModel(graph), graph, branch, choose };
}

describe("indexModel", () => {
  it("finds uses inside subgraphs, by scope", () => {
    const { model, graph, branch } = nested();
    const index = indexModel(model);
    const [main, inner] = [index.scopeOf(graph), index.scopeOf(branch)];
    if (main === undefined || inner === undefined) throw new Error("scopes are missing");
    const h = index.resolve(inner, "h");
    expect(h?.scope).toBe(main);
    expect(h?.uses.map(({ node, position }) => [node.opType, position])).toEqual([["Add", 0]]);
    expect(h?.outputOf.map(({ place }) => place)).toEqual(['main graph > If that makes "y" > graph 2']);
    expect(index.resolve(main, "w")).not.toBe(index.resolve(inner, "w"));
    expect(index.resolve(main, "w")?.uses.map(({ node }) => node.opType)).toEqual(["Relu"]);
    expect(index.resolve(main, "b")).toBeUndefined();
    expect(index.resolve(main, "y")?.isOutput).toBe(true);
    expect(index.resolve(main, "x")?.isInput).toBe(true);
  });

  it("knows an initializer that is an input too", () => {
    const { model, graph } = nested();
    graph.input.push(value("w"));
    const index = indexModel(model);
    const [main] = index.scopes;
    const found = main && index.resolve(main, "w");
    expect(found).toMatchObject({ isInput: true, initializer: graph.initializer[0] });
  });
});

describe("uniqueNames", () => {
  it("avoids every name of every scope, its own answers too", () => {
    const name = uniqueNames(nested().model);
    expect(["b", "w", "new", "new", "h"].map(name)).toEqual(["b_1", "w_1", "new", "new_1", "h_1"]);
  });
});

describe("topologicalOrder", () => {
  it("counts what a subgraph captures", () => {
    const { graph, branch, choose } = nested();
    expect(namesCaptured(branch)).toEqual(new Set(["h"]));
    graph.node.reverse();
    expect(topologicalOrder(graph).sorted.map(({ opType }) => opType)).toEqual(["Relu", "Relu", "If"]);
    expect(topologicalOrder(graph).sorted.at(-1)).toBe(choose);
  });

  it("puts producers before readers whatever the order of the file, and leaves an ordered graph alone", () => {
    const links = fc.array(fc.array(fc.nat(1000), { maxLength: 3 }), { minLength: 1, maxLength: 40 });
    void fc.assert(
      fc.property(links, fc.array(fc.nat(1000)), (lists, swaps) => {
        const ordered = lists.map((list, at) =>
          makeNode("Sum", at === 0 ? ["x"] : list.map((link) => `v${link % at}`), [`v${at}`]),
        );
        const body = makeGraph({ node: ordered, input: [value("x")], output: [] });
        expect(topologicalOrder(body).sorted).toEqual(ordered);
        const shuffled = [...ordered];
        swaps.forEach((a, b) => {
          const [i, j] = [a % shuffled.length, b % shuffled.length];
          const [left, right] = [shuffled[i], shuffled[j]];
          if (left && right) [shuffled[i], shuffled[j]] = [right, left];
        });
        const { sorted, cyclic } = topologicalOrder({ ...body, node: shuffled });
        expect(cyclic).toEqual([]);
        const seen = new Set(["x"]);
        for (const node of sorted) {
          expect(node.input.every((name) => seen.has(name))).toBe(true);
          for (const name of node.output) seen.add(name);
        }
      }),
    );
  });

  it("names the nodes on a cycle and behind it", () => {
    const node = [
      makeNode("Add", ["x", "b"], ["a"]),
      makeNode("Relu", ["a"], ["b"]),
      makeNode("Relu", ["x"], ["c"]),
    ];
    const { sorted, cyclic } = topologicalOrder(makeGraph({ node, output: [] }));
    expect(sorted.map(({ output }) => output[0])).toEqual(["c"]);
    expect(cyclic).toHaveLength(2);
  });
});
