import { describe, expect, it } from "vitest";
import { modelProblems } from "#engine/graph/validate.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { floats, graph, model, node, value, weight } from "../testing/build.ts";
import { factorize, lowRankWeight } from "./testing/low-rank.ts";

describe("a budget", () => {
  /** Three layers of one size whose spectra fall at different speeds. */
  const decaying = (name: string, decay: number, seed: number) => {
    const parts = [0, 1, 2, 3, 4, 5, 6, 7].map((rank) =>
      readFloats(lowRankWeight("", [32, 32], 1, seed + 2 * rank)),
    );
    return floats(
      name,
      [32, 32],
      Array.from({ length: 1024 }, (_, at) =>
        parts.reduce((sum, part, rank) => sum + (part[at] ?? 0) * decay ** rank, 0),
      ),
    );
  };
  const source = model(
    graph({
      node: [
        node("MatMul", ["x", "a"], ["h"]),
        node("Tanh", ["h"], ["i"]),
        node("MatMul", ["i", "b"], ["j"]),
        node("Tanh", ["j"], ["k"]),
        node("MatMul", ["k", "c"], ["y"]),
      ],
      initializer: [decaying("a", 0.2, 1), decaying("b", 0.9, 30), weight("c", [32, 32])],
      input: [value("x", [4, 32])],
      output: [value("y", [4, 32])],
    }),
  );
  const ranksOf = (changes: readonly { name: string; what: string }[]) =>
    Object.fromEntries(
      changes.slice(1).map(({ name, what }) => [name, Number(/rank (\d+)/.exec(what)?.[1])]),
    );

  it("is met, and takes from the layers that lose least", async () => {
    const { result, changed } = await factorize(source, { budget: 0.6 });
    const kept = changed.graph.initializer.reduce(
      (sum, { dims }) => sum + dims.reduce((a, b) => a * b, 1),
      0,
    );
    expect(kept).toBeLessThanOrEqual(0.6 * 3072);
    expect(result.changed[0]?.what).toBe(`3,072 parameters → ${kept.toLocaleString("en")}`);
    const ranks = ranksOf(result.changed);
    expect(ranks.a).toBeLessThan(ranks.b ?? 0);
    expect(result.skipped).toEqual([{ name: "c", reason: "the budget is met without it" }]);
    expect(modelProblems(changed)).toEqual([]);
  });

  it("that cannot be met changes nothing and says what could be saved", async () => {
    const { result } = await factorize(source, { budget: 0.05 });
    expect(result.changed).toEqual([]);
    expect(result.skipped[0]?.reason).toBe(
      "rank 1 in every layer that can be factorised would keep 6.25% of the parameters, above the budget of 5%",
    );
  });
});
