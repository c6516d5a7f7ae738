import { afterAll, describe, expect, it } from "vitest";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import {
  floats,
  graph,
  graphAttribute,
  int64s,
  model,
  node,
  opTypes,
  value,
  weight,
} from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { any } from "./testing/cases.ts";
import { simplified } from "./testing/run.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

describe("subgraphs", () => {
  const branch = (name: string, ...inner: Node[]) =>
    graph({ name, node: inner, output: [any(inner.at(-1)?.output[0] ?? "")] });
  const choose = (yes: ReturnType<typeof branch>, no: ReturnType<typeof branch>) =>
    node("If", ["c"], ["y"], [graphAttribute("then_branch", yes), graphAttribute("else_branch", no)]);
  const conditional = (nodes: Node[], initializer: Tensor[] = []) =>
    model(
      graph({
        input: [value("x", [2, 3]), value("c", [], "bool")],
        output: [any("y")],
        node: nodes,
        initializer,
      }),
    );

  async function check(source: Model, expected: string[][]) {
    const { model: changed } = await simplified(source);
    const inner = changed.graph.node.flatMap(({ attribute }) => attribute.flatMap(({ g }) => (g ? [g] : [])));
    expect([changed.graph, ...inner].map(opTypes)).toEqual(expected);
    expect((await simplified(changed)).result.changed).toEqual([]);
    for (const seed of [1, 2, 3, 4]) {
      const { error, outputs } = await comparer.compare(source, changed, { seed });
      expect(error).toBeUndefined();
      expect(outputs[0]?.maxAbs).toBe(0);
    }
  }

  it("are simplified, and what they take from outside keeps its meaning", async () => {
    await check(
      conditional([
        node("Identity", ["x"], ["i"]),
        choose(
          branch(
            "yes",
            node("Identity", ["i"], ["t1"]),
            node("Neg", ["t1"], ["unused"]),
            node("Exp", ["t1"], ["t2"]),
          ),
          branch(
            "no",
            node("Transpose", ["i"], ["e1"]),
            node("Transpose", ["e1"], ["e2"]),
            node("Abs", ["e2"], ["e3"]),
          ),
        ),
      ]),
      [["If"], ["Exp"], ["Abs"]],
    );
  });

  it("keep a node that only hands an outer value on", async () => {
    await check(
      conditional(
        [choose(branch("yes", node("Identity", ["x"], ["t"])), branch("no", node("Add", ["x", "z"], ["e"])))],
        [floats("z", [], [0])],
      ),
      [["If"], ["Identity"], ["Add"]],
    );
  });

  it("share weights and results with the graph around them, but not with each other", async () => {
    const source = conditional(
      [
        node("MatMul", ["x", "w"], ["m"]),
        choose(
          branch(
            "yes",
            node("MatMul", ["x", "w"], ["t1"]),
            node("Exp", ["t1"], ["t2"]),
            node("Mul", ["t2", "m"], ["t3"]),
          ),
          branch("no", node("MatMul", ["x", "v"], ["e1"]), node("Exp", ["e1"], ["e2"])),
        ),
      ],
      [weight("w", [3, 4], 5), weight("v", [3, 4], 5)],
    );
    await check(source, [["MatMul", "If"], ["Exp", "Mul"], ["Exp"]]);
  });

  it("fold constants of a loop's body into it", async () => {
    const body = graph({
      name: "body",
      input: [value("i", [], "int64"), value("k", [], "bool"), any("a")],
      node: [
        node("Exp", ["w"], ["e"]),
        node("Add", ["a", "e"], ["b"]),
        node("Identity", ["k"], ["k2"]),
        node("Identity", ["b"], ["c"]),
      ],
      output: [any("k2", 9), any("c")],
    });
    const source = model(
      graph({
        input: [value("x", [2, 3])],
        output: [any("y")],
        node: [node("Loop", ["n", "", "x"], ["y"], [graphAttribute("body", body)])],
        initializer: [int64s("n", [3], []), weight("w", [3], 4)],
      }),
    );
    await check(source, [["Loop"], ["Add", "Identity"]]);
  });
});
