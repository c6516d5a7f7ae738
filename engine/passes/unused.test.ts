import { describe, expect, it } from "vitest";
import { makeInts } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { graph, graphAttribute, model, node, value, weight } from "./testing/build.ts";
import { removeUnused } from "./unused.ts";

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

/** Milliseconds of processor time. */
function timeOf(work: () => unknown): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

const perm = [makeInts("perm", [1, 0])];

describe("what nothing reads any more", () => {
  it("goes with the nodes that handed it on, and only then", () => {
    const made = model(
      graph({
        input: [value("x", ["n", 4]), value("w", [4, 4]), value("k", [4, 4])],
        node: [
          node("Transpose", ["w"], ["t"], perm),
          node("Transpose", ["w"], ["unread"], perm),
          node("Identity", ["k"], ["i"]),
          node("Concat", ["i", "i"], ["c"]),
          node("MatMul", ["x", "k"], ["y"]),
        ],
        output: [value("y", ["n", 4])],
        initializer: [weight("w", [4, 4]), weight("k", [4, 4])],
      }),
    );
    // Its other reader stands, though nothing reads that one either: it was not named.
    expect(removeUnused(made, ["t"])).toEqual([]);
    expect(made.graph.initializer.map(({ name }) => name)).toEqual(["w", "k"]);
    expect(removeUnused(made, ["unread", "c", "y"])).toEqual(["w"]);
    expect(made.graph.node.map(({ opType }) => opType)).toEqual(["MatMul"]);
    expect(made.graph.initializer.map(({ name }) => name)).toEqual(["k"]);
    expect(made.graph.input.map(({ name }) => name)).toEqual(["x", "k"]);
  });

  // The time grew with the square of each of these.
  it.each<[string, () => Model]>([
    [
      "20,000 weights in as many graphs",
      () =>
        model(
          graph({
            output: [],
            node: range(20_000).map((at) =>
              node(
                "If",
                ["c"],
                [`y${at}`],
                [
                  graphAttribute(
                    "then_branch",
                    graph({ node: [], output: [], initializer: [weight(`v${at}`, [1, 1])] }),
                  ),
                ],
              ),
            ),
          }),
        ),
    ],
    [
      "20,000 transpositions of one weight",
      () =>
        model(
          graph({
            output: [],
            node: range(20_000).map((at) => node("Transpose", ["w"], [`v${at}`], perm)),
            initializer: [weight("w", [1, 1])],
          }),
        ),
    ],
    [
      "a chain of 20,000 nodes that hand a weight on",
      () =>
        model(
          graph({
            output: [],
            node: range(20_000).map((at) =>
              node("Identity", [at === 0 ? "w" : `u${at}`], [at === 19_999 ? "v0" : `u${at + 1}`]),
            ),
            initializer: [weight("w", [1, 1])],
          }),
        ),
    ],
  ])("is found at once: %s", (_, make) => {
    const made = make();
    expect(
      timeOf(() =>
        removeUnused(
          made,
          range(20_000).map((at) => `v${at}`),
        ),
      ),
    ).toBeLessThan(2_000);
    const left = made.graph.node.flatMap(({ attribute }) =>
      attribute.flatMap(({ g }) => g?.initializer ?? []),
    );
    expect([...made.graph.initializer, ...left]).toEqual([]);
  });
});
