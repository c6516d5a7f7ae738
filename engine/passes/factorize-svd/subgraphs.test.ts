import { afterAll, describe, expect, it } from "vitest";
import { indexModel } from "#engine/graph/index.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { matrixOf } from "#engine/linear-algebra/matrix.ts";
import { product } from "#engine/linear-algebra/product.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";

import { Comparer } from "../testing/compare.ts";
import { controlFlow, controlFlowItems, reached } from "../testing/control-flow.ts";
import { turnsOf } from "../testing/turns.ts";
import { factorize, lowRankWeight } from "./testing/low-rank.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const width = 24;
const tools = { load: loadExecutable, calibration: controlFlowItems(width, 6) };

/** The product of the factors that the only weight of a model became. */
function approximation(changed: Model, rank: number): Float64Array {
  const tensors = indexModel(changed).scopes.flatMap((scope) => scope.graph?.initializer ?? []);
  const [left, right] = tensors.filter(({ dims }) => dims.length === 2).map(readFloats);
  if (left === undefined || right === undefined) throw new Error("no factors");
  return product(matrixOf(left, width, rank), matrixOf(right, rank, width));
}

describe("factors of weights in If, Loop and Scan that look at the data", () => {
  it("count what reaches them; a branch that no item takes has its weights alone", async () => {
    const source = controlFlow(width, (name, dims, seed) => lowRankWeight(name, dims, 8, seed));
    const options = { rank: 10, activation_aware: true };
    const { result, changed } = await factorize(source, options, tools);
    validateModel(changed);
    const how = result.changed.slice(1).map(({ name, what }) => [name, /of the (.+)/.exec(what)?.[1]]);
    expect(Object.fromEntries(how)).toEqual({
      ...Object.fromEntries(reached.map((name) => [name, "energy of its outputs on the data kept"])),
      never_w: 'energy kept; the data does not count: no calibration item reaches it, in graph 1 of If "n_y"',
    });
    for (const range of [
      [-1, 1.4],
      [-1.4, 1],
    ] as [number, number][]) {
      const request = { ranges: { x: range } };
      const aware = await comparer.compare(source, changed, request);
      expect(aware.error).toBeUndefined();
      for (const { cosine } of aware.outputs) expect(cosine).toBeGreaterThan(0.999);
    }
  });

  it("count every turn of a Loop, as the same nodes one after another would", async () => {
    const { looped, unrolled } = turnsOf(width);
    const [one, other, once] = await Promise.all(
      [looped, unrolled(), unrolled(1)].map(async (source) =>
        approximation((await factorize(source, { rank: 4, activation_aware: true }, tools)).changed, 4),
      ),
    );
    const gap = (a: Float64Array, b: Float64Array) =>
      a.reduce((most, entry, at) => Math.max(most, Math.abs(entry - (b[at] ?? 0))), 0);
    expect(gap(one!, other!)).toBeLessThan(1e-5);
    expect(gap(one!, once!)).toBeGreaterThan(0.01);
  });
});
