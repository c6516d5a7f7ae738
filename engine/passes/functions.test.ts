import { afterAll, describe, expect, it } from "vitest";
import { compressModel } from "#engine/compress.ts";
import { english } from "#engine/english.ts";
import { indexModel } from "#engine/graph/index.ts";
import { inlineFunctions } from "#engine/graph/inline/index.ts";
import { body, call, withFunctions } from "#engine/graph/inline/testing/build.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { checkRecipe } from "#engine/recipes.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { type StepName, stepNames } from "./step.schema.ts";
import { choice, floats, graph, node, randomFloats, value } from "./testing/build.ts";
import { floatInput, itemsOf } from "./testing/calibration.ts";
import { Comparer } from "./testing/compare.ts";
import { upgradeOpset, versions } from "./upgrade-opset/index.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const width = 64;
const rows = 4;

/** A matrix of rank 4, which every technique can do something with. */
function matrix(name: string, seed: number): Tensor {
  const rank = 4;
  const [left, right] = [randomFloats(width * rank, seed), randomFloats(rank * width, seed + 100)];
  const data = Array.from({ length: width * width }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) {
      sum += (left[Math.floor(at / width) * rank + k] ?? 0) * (right[k * width + (at % width)] ?? 0);
    }
    return sum / 8;
  });
  return floats(name, [width, width], data);
}

/** "w" and "v" are arguments of functions, "k" a Constant in one that is called twice, "t" a weight of an If in it. */
function layered(): Model {
  const branch = (name: string, nodes: Model["graph"]["node"], initializer: Tensor[] = []) =>
    graph({ name, node: nodes, initializer, output: [value(`${name}_y`, [rows, width])] });
  return withFunctions(
    graph({
      input: [value("x", [rows, width])],
      output: [value("y", [rows, width])],
      node: [
        call("pair", ["x", "w", "v"], ["p"]),
        call("inner", ["p", "yes"], ["q"]),
        call("inner", ["q", "yes"], ["y"]),
      ],
      initializer: [
        matrix("w", 1),
        matrix("v", 2),
        { name: "yes", dims: [], dataType: 9, int32Data: Int32Array.of(1) },
      ],
    }),
    [
      body(
        "pair",
        ["a", "w1", "w2"],
        ["r"],
        [
          node("MatMul", ["a", "w1"], ["h"]),
          node("Relu", ["h"], ["g"]),
          node("Identity", ["g"], ["same"]),
          node("MatMul", ["same", "w2"], ["r"]),
        ],
      ),
      body(
        "inner",
        ["a", "c"],
        ["r"],
        [
          node("Constant", [], ["k"], [makeTensorAttribute("value", matrix("", 3))]),
          node("MatMul", ["a", "k"], ["h"]),
          choice(
            "c",
            "r",
            branch("t", [node("MatMul", ["h", "t"], ["t_y"])], [matrix("t", 4)]),
            branch("e", [node("Neg", ["h"], ["e_y"])]),
          ),
        ],
      ),
    ],
  );
}

const bytes = (source: Model) => Buffer.from(joinChunks(encodeModel(source)));
const recipe = (...steps: object[]) => checkRecipe({ name: "test", steps });
const item = (seed: number) => ({ x: floatInput([rows, width], randomFloats(rows * width, seed)) });
const tools = { load: loadExecutable, calibration: itemsOf(item(1), item(2), item(3), item(4)) };

/** What a technique does not change here, and its reason. Simplify takes a node away, not weights. */
const untouched: Partial<Record<StepName, Record<string, string>>> = {
  "prune.structured": {
    k: 'its units stay: it is the output "e_y"',
    t: 'its units stay: it is the output "t_y"',
  },
  simplify: { w: "", v: "", k: "", t: "" },
};

const tensorBytes = (source: Model, name: string) => {
  const inlined = source.functions === undefined ? source : inlineFunctions(source, versions).model;
  const found = indexModel(inlined).scopes.flatMap(({ graph: { initializer = [] } = {} }) => initializer);
  const tensor = found.find((one) => one.name === name);
  return tensor === undefined
    ? undefined
    : joinChunks(encodeModel({ ...inlined, graph: graph({ node: [], output: [], initializer: [tensor] }) }));
};

const note = "2 local functions were inlined: compression works on their bodies";

/** Training wants labels, and a gradient that an If does not have. */
const withoutTraining = stepNames.filter((use) => !use.startsWith("train."));

describe("what stands in local functions is compressed", () => {
  it.each(withoutTraining)("%s", async (use) => {
    const source = layered();
    const before = bytes(source);
    const result = await compressModel(source, recipe({ use }), { tools });
    expect(bytes(source).equals(before)).toBe(true);
    expect(result.outcome).toBe("compressed");
    expect(result.model.functions).toBeUndefined();
    expect(result.warnings.map(english)).toContain(note);
    validateModel(result.model);
    const reasons = result.steps.flatMap(({ skipped }) => skipped.map(({ reason }) => english(reason)));
    for (const name of ["w", "v", "k", "t"]) {
      const [old, now] = [tensorBytes(source, name), tensorBytes(result.model, name)];
      expect(old).toBeDefined();
      const reason = untouched[use]?.[name];
      expect([name, now !== undefined && Buffer.from(now).equals(old ?? new Uint8Array())]).toEqual([
        name,
        reason !== undefined,
      ]);
      if (reason) expect(reasons).toContain(reason);
    }
    // Half of the weights of a network without redundancy are gone: it still runs, and that is what is asked here.
    const { error, outputs } = await comparer.compare(source, result.model);
    expect(error).toBeUndefined();
    expect(outputs[0]?.cosine).toBeGreaterThan(use.startsWith("prune.") ? 0.3 : 0.94);
  });
});

describe("compressModel and local functions", () => {
  it("hands on the model itself where no step changes anything", async () => {
    const source = layered();
    for (const steps of [[], [{ use: "prune.wanda" }]]) {
      const result = await compressModel(source, recipe(...steps));
      expect(result.outcome).toBe("not-applicable");
      expect(result.model).toBe(source);
      expect(result.warnings.map(english)).not.toContain(note);
    }
  });

  it("takes a gain back that is smaller than what inlining adds to the file", async () => {
    const source = withFunctions(
      graph({
        input: [value("x", [rows, width])],
        output: [value("y", [rows, width])],
        node: Array.from({ length: 400 }, (_, at) =>
          call("f", [at === 0 ? "x" : `v${at - 1}`], [at === 399 ? "y" : `v${at}`]),
        ),
      }),
      [
        body(
          "f",
          ["a"],
          ["r"],
          [
            node(
              "Constant",
              [],
              ["k"],
              [
                makeTensorAttribute(
                  "value",
                  floats(
                    "",
                    [64],
                    Array.from({ length: 64 }, () => 1.5),
                  ),
                ),
              ],
            ),
            node("Tanh", ["a"], ["h"]),
            node("Mul", ["h", "k"], ["r"]),
          ],
        ),
      ],
    );
    const result = await compressModel(source, recipe({ use: "cast.float16" }));
    expect(english(result.steps[0]?.skipped[0]?.reason ?? "")).toMatch(/^the file would grow from/);
    expect(result.model).toBe(source);
  });

  it("leaves functions that stand for too much, says so and compresses the rest", async () => {
    const source = layered();
    const last = 24;
    source.functions?.push(
      ...Array.from({ length: last + 1 }, (_, at) =>
        body(
          `f${at}`,
          ["a"],
          ["r"],
          at === last
            ? [node("Relu", ["a"], ["r"])]
            : [call(`f${at + 1}`, ["a"], ["m"]), call(`f${at + 1}`, ["m"], ["r"])],
        ),
      ),
    );
    source.graph.node.push(call("f0", ["y"], ["z"]));
    source.graph.output.push(value("z", [rows, width]));
    const result = await compressModel(source, recipe({ use: "prune.magnitude" }));
    expect(result.warnings.map(english)).toContain(
      "The local functions are left as they are: they stand for more than 200,000 nodes",
    );
    expect(result.model.functions).toHaveLength(last + 3);
  });
});

describe("upgradeOpset and local functions", () => {
  it("raises what stands in them", async () => {
    const made = (version: number, functions: boolean) => {
      const axes = { name: "axes", ints: [0n], type: 7 };
      const inside = (from: string, to: string) => [
        node("Unsqueeze", [from], [`${to}_u`], [axes]),
        node("Squeeze", [`${to}_u`], [to], [axes]),
      ];
      const main = graph({
        input: [value("x", [rows, width])],
        output: [value("y", [rows, width])],
        node: functions
          ? [call("f", ["x"], ["h"]), call("f", ["h"], ["y"])]
          : [...inside("x", "h"), ...inside("h", "y")],
      });
      const f = body("f", ["a"], ["r"], inside("a", "r"), { opsetImport: [{ domain: "", version }] });
      return withFunctions(main, functions ? [f] : [], version);
    };
    const model = made(11, true);
    expect(upgradeOpset(model, 18)).toEqual({
      from: 11,
      to: 18,
      adapters: { "Squeeze@13": 2, "Unsqueeze@13": 2 },
    });
    expect(model.functions).toBeUndefined();
    validateModel(model);
    const { error, outputs } = await comparer.compare(made(11, false), model);
    expect(error).toBeUndefined();
    expect(outputs[0]?.maxAbs).toBe(0);
  });

  it("names a function that has to stay", () => {
    const source = withFunctions(
      graph({ input: [value("x", [1, 2])], output: [value("y", [1, 2])], node: [call("f", ["x"], ["y"])] }),
      [
        body("f", ["a"], ["r"], [{ ...node("Scaler", ["a"], ["r"]), domain: "ai.onnx.ml" }], {
          opsetImport: [{ domain: "ai.onnx.ml", version: 1 }],
        }),
      ],
    );
    source.opsetImport.push({ domain: "ai.onnx.ml", version: 3 });
    expect(() => upgradeOpset(source, 18)).toThrow(
      'The opset of a model with a local function that has to stay cannot be raised: it is written for version 1 of "ai.onnx.ml" and the model for version 3 (at function "f")',
    );
  });
});
