import { expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { indexModel } from "#engine/graph/index.ts";
import { graph, node, value, weight } from "#engine/passes/testing/build.ts";
import { ifOf, range, wrap } from "#engine/testing/hostile/large/build.ts";
import { expose, mostPlaces } from "./exposure.ts";

it("observes a bounded number of values in subgraphs and says so of the others", () => {
  const branch = (at: number) =>
    graph({ node: [node("MatMul", ["x", "w"], [`b${at}`])], output: [value(`b${at}`, [4])] });
  const model = wrap(
    range(3_000).map((at) => ifOf(branch(at), at)),
    "if0",
    [weight("w", [256, 4])],
  );
  const inner = indexModel(model).scopes.filter(({ kind }) => kind === "subgraph");
  const places = inner.map((scope) => ({ scope, name: scope.body.node[0]?.output[0] ?? "" }));
  const { logs, hidden } = expose(model, places);
  expect(places.length).toBe(6_000);
  expect(logs.size).toBe(mostPlaces);
  expect(hidden.size).toBe(6_000 - mostPlaces);
  const [said] = hidden.values();
  expect(said && english(said)).toContain("5,000 values inside of other graphs");
});
