import { afterAll, describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { cloneStructure } from "../clone.ts";
import { floats, graph, graphAttribute, model, node, value } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { build, type Case, cases, old, op } from "./adapter-cases.ts";
import { upgradeOpset } from "./index.ts";
import { adapters, highestTarget, knownOperators, refusals } from "./table.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const tested = new Set<string>();

function raise(source: Model, target: number): Model {
  const changed = cloneStructure(source);
  for (const key of Object.keys(upgradeOpset(changed, target).adapters)) tested.add(key);
  return changed;
}

async function expectSame(source: Model, changed: Model, tolerance = 0) {
  const { error, outputs } = await comparer.compare(source, changed);
  expect(error).toBeUndefined();
  expect(outputs.length).toBeGreaterThan(0);
  for (const output of outputs) {
    expect(output.finite).toBe(true);
    expect(output.maxAbs, output.name).toBeLessThanOrEqual(tolerance);
  }
}

describe("a node computes the same after the upgrade", () => {
  it.each(Object.keys(cases))("%s", async (name) => {
    const entry = cases[name];
    if (entry === undefined) throw new Error(name);
    const source = build(entry);
    for (const target of [11, 13, 18, highestTarget]) {
      if (target <= entry.opset) continue;
      await expectSame(source, raise(source, target), entry.tolerance);
    }
  });

  it("inside a subgraph", async () => {
    const branch = (name: string, start: number) =>
      graph({
        name,
        output: [value(`${name}_y`, [2])],
        node: [
          node("Slice", ["x"], [`${name}_y`], [makeInts("starts", [start]), makeInts("ends", [start + 2])]),
        ],
      });
    const source = model(
      graph({
        input: [value("x", [4]), value("c", [], "bool")],
        output: [value("y", [2])],
        node: [
          node(
            "If",
            ["c"],
            ["y"],
            [graphAttribute("then_branch", branch("t", 0)), graphAttribute("else_branch", branch("e", 2))],
          ),
        ],
      }),
      9,
    );
    await expectSame(source, raise(source, 13));
  });
});

describe("what opset 1 to 6 meant", () => {
  it.each(Object.keys(old))("%s", async (name) => {
    const pair = old[name];
    if (pair === undefined) throw new Error(name);
    await expectSame(build(pair.after), raise(build(pair.before), 13), 1e-6);
  });
});

describe("refusals name the operator", () => {
  const refusal = (source: Model, target: number): string => {
    try {
      upgradeOpset(cloneStructure(source), target);
    } catch (error) {
      if (error instanceof EngineError) return error.message;
      throw error;
    }
    return "not refused";
  };

  it.each<[string, Case, number]>([
    ["Tile cannot be carried over to opset 6", { opset: 5, x: [2], nodes: op("Tile", [], ["x", "x"]) }, 7],
    ["Scan cannot be carried over to opset 9", { opset: 8, x: [2], nodes: op("Scan") }, 11],
    [
      "GroupNormalization cannot be carried over to opset 21",
      { opset: 18, x: [2], nodes: op("GroupNormalization") },
      21,
    ],
    [
      "BatchNormalization cannot be carried over to opset 9: spatial",
      { opset: 7, x: [2], nodes: op("BatchNormalization", [makeInt("spatial", 0)]) },
      11,
    ],
    [
      "Dropout cannot be carried over to opset 10: its mask is used",
      { opset: 9, x: [2], nodes: [node("Dropout", ["x"], ["y", "m"])], outputs: ["y", "m"] },
      11,
    ],
    [
      "Resize cannot be carried over to opset 11: it grows along one axis",
      { opset: 10, x: [2, 2], nodes: op("Resize", [], ["s"]), initializer: [floats("s", [2], [2, 0.5])] },
      11,
    ],
    ["ConstantFill cannot be carried over", { opset: 6, x: [2], nodes: op("ConstantFill") }, 7],
    ["Opset 99 is above", { opset: 9, x: [2], nodes: op("Relu") }, 99],
  ])("%s", (message, entry, target) => {
    expect(refusal(build(entry), target)).toContain(message);
  });
});

describe("the table", () => {
  it("speaks of known operators only, and every adapter was tried above", () => {
    const keys = [...Object.keys(adapters), ...Object.keys(refusals)];
    expect(keys.filter((key) => !knownOperators.has(key.split("@")[0] ?? ""))).toEqual([]);
    // Dropping "consumed_inputs" and the legacy broadcasting are each one adapter under many names.
    const representative =
      /^(Add|Sub|Mul|Div|Pow|And|Or|Xor|Equal|Greater|Less)@7$|@6$|^(GlobalLpPool@2|RNN@7)$/;
    expect(Object.keys(adapters).filter((key) => !tested.has(key) && !representative.test(key))).toEqual([]);
    console.log(`upgradeOpset: ${tested.size} of ${Object.keys(adapters).length} table entries exercised`);
  });
});
