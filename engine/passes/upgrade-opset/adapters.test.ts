import { afterAll, describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel } from "#engine/graph/index.ts";
import { makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { bytesOf, realModels } from "#engine/testing/models.ts";
import { isStandard } from "../domains.ts";
import { floats, graph, graphAttribute, int64s, model, node, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { build, type Case, cases, op, scanBody } from "./adapter-cases.ts";
import { upgradeOpset } from "./index.ts";
import { old } from "./old-cases.ts";
import { stableArithmetic } from "./stable-arithmetic.ts";
import { stableLayout } from "./stable-layout.ts";
import { adapters, highestTarget, knownOperators, refusals } from "./table.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const stable = { ...stableArithmetic, ...stableLayout };
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

/** Opsets to raise a case to, but for those that one of its operators cannot reach. */
function targetsOf({ opset, nodes }: Case): number[] {
  const refused = nodes.some(({ opType }) => `${opType}@22` in refusals);
  return [11, 13, 18, 21, highestTarget].filter((target) => target > opset && !(refused && target >= 22));
}

describe("a node computes the same after the upgrade", () => {
  it.each(Object.keys(cases))("%s", async (name) => {
    const entry = cases[name];
    if (entry === undefined) throw new Error(name);
    const source = build(entry);
    for (const target of targetsOf(entry)) await expectSame(source, raise(source, target), entry.tolerance);
  });

  it.each(Object.entries(stable))("%s", async (_, entry) => {
    const source = build(entry);
    // What runs nowhere proves nothing.
    await expectSame(source, source);
    for (const target of targetsOf(entry)) await expectSame(source, raise(source, target), entry.tolerance);
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
    [
      "Scan cannot be carried over to opset 9: its batch",
      {
        opset: 8,
        x: [2, 3, 2],
        nodes: [
          node("Scan", ["", "x"], ["y"], [makeInt("num_scan_inputs", 1), graphAttribute("body", scanBody())]),
        ],
      },
      11,
    ],
    [
      "Scan cannot be carried over to opset 9: its sequences have lengths",
      { opset: 8, x: [1], nodes: op("Scan", [], ["x"]) },
      11,
    ],
    [
      "Resize cannot be carried over to opset 13: its coordinates",
      {
        opset: 11,
        x: [2, 2],
        nodes: op(
          "Resize",
          [makeString("coordinate_transformation_mode", "tf_half_pixel_for_nn")],
          ["x", "x"],
        ),
      },
      13,
    ],
    ["RoiAlign cannot be carried over to opset 22", { opset: 16, x: [2], nodes: op("RoiAlign") }, 22],
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

describe("what cannot reach opset 22", () => {
  const size = [makeInts("pooled_shape", [2, 2])];
  const shape = [makeInts("shape", [2])];
  const nodes: Record<string, Node> = {
    Bernoulli: node("Bernoulli", ["x"], ["y"]),
    GlobalLpPool: node("GlobalLpPool", ["x"], ["y"]),
    MaxRoiPool: node("MaxRoiPool", ["x", "r"], ["y"], size),
    Multinomial: node("Multinomial", ["m"], ["y"]),
    RandomNormal: node("RandomNormal", [], ["y"], shape),
    RandomNormalLike: node("RandomNormalLike", ["x"], ["y"]),
    RandomUniform: node("RandomUniform", [], ["y"], shape),
    RandomUniformLike: node("RandomUniformLike", ["x"], ["y"]),
    RoiAlign: node("RoiAlign", ["x", "b", "i"], ["y"]),
  };
  const initializer = [
    floats("r", [1, 5], [0, 0, 0, 2, 2]),
    weight("b", [1, 4]),
    weight("m", [2, 3]),
    int64s("i", [0]),
  ];

  it.each(Object.keys(refusals))("%s: ONNX Runtime runs the version before and not that one", async (key) => {
    const inner = nodes[key.replace("@22", "")];
    if (inner === undefined) throw new Error(key);
    const at = (opset: number) =>
      model(
        graph({ input: [value("x", [1, 1, 3, 3])], output: [{ name: "y" }], node: [inner], initializer }),
        opset,
        10,
      );
    expect((await comparer.compare(at(21), at(21))).error).toBeUndefined();
    expect((await comparer.compare(at(22), at(22))).error).toMatch(/Could not find an implementation/);
  });
});

const files = realModels("data/onnx", "data/torch", "data/huggingface");

/** Their results are no tensors of numbers, or they are not older than the newest target. */
const notCompared = new Set(
  `Attention AttributeHasValue Col2Im OptionalGetElement OptionalHasElement RegexFullMatch SequenceAt
  SequenceConstruct SequenceEmpty SequenceInsert SequenceLength StringSplit TensorScatter`.split(/\s+/),
);

it.skipIf(files.length === 0)("every operator of the models at hand was raised above", () => {
  const tried = new Set(["If"]);
  const all = [
    ...Object.values(cases),
    ...Object.values(stable),
    ...Object.values(old).map(({ before }) => before),
  ];
  for (const { opType } of all.flatMap(({ nodes }) => nodes)) tried.add(opType);
  const missing = new Set<string>();
  for (const { path } of files) {
    for (const { body } of indexModel(decodeModel(bytesOf(path))).scopes) {
      for (const node of body.node) {
        if (isStandard(node) && !tried.has(node.opType) && !notCompared.has(node.opType))
          missing.add(node.opType);
      }
    }
  }
  expect([...missing]).toEqual([]);
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
