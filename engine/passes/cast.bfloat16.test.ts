import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import { bfloat16Bits } from "#engine/onnx/floats.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { castBfloat16Schema } from "./cast.bfloat16.schema.ts";
import { castBfloat16, memoryWarning } from "./cast.bfloat16.ts";
import { silent } from "./pass.ts";
import {
  floats,
  graph,
  graphAttribute,
  model,
  names,
  node,
  opTypes,
  value,
  weight,
} from "./testing/build.ts";
import { Comparer } from "./testing/compare.ts";
import { tensorText } from "./testing/describe.ts";
import { inEnglish } from "./testing/in-english.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

async function cast(source: Model, options: object = {}) {
  const changed = cloneStructure(source);
  const parsed = castBfloat16Schema.parse({ use: "cast.bfloat16", min_elements: 1, ...options });
  return { result: inEnglish(await castBfloat16(changed, parsed, silent)), changed };
}

const sizeOf = (source: Model) => encodeModel(source).reduce((sum, chunk) => sum + chunk.length, 0);

/** Two layers that share a weight, one in a Constant, one in a subgraph that also reads the shared one. */
function shared(): Model {
  const branch = (name: string, own: string) =>
    graph({
      name,
      output: [value(`${name}_y`, [4, 32])],
      node: [node("MatMul", ["h", own], [`${name}_m`]), node("MatMul", [`${name}_m`, "w"], [`${name}_y`])],
      initializer: [weight(own, [32, 32], 7, 0.2)],
    });
  return model(
    graph({
      input: [value("x", [4, 32]), value("c", [], "bool")],
      output: [value("y", [4, 32])],
      node: [
        node("MatMul", ["x", "w"], ["a"]),
        node("Constant", [], ["k"], [{ name: "value", t: weight("", [32, 32], 3, 0.2), type: 4 }]),
        node("Identity", ["w"], ["tied"]),
        node("MatMul", ["a", "tied"], ["b"]),
        node("MatMul", ["b", "k"], ["h"]),
        node(
          "If",
          ["c"],
          ["y"],
          [
            graphAttribute("then_branch", branch("t", "tw")),
            graphAttribute("else_branch", branch("e", "ew")),
          ],
        ),
      ],
      initializer: [weight("w", [32, 32], 1, 0.2)],
    }),
  );
}

describe("storage as bfloat16", () => {
  it("rounds the bits, puts one Cast behind each tensor, and leaves every reader as it is", async () => {
    const source = shared();
    const before = source.graph.initializer.map(tensorText);
    const { changed, result } = await cast(source);
    expect(source.graph.initializer.map(tensorText)).toEqual(before);
    expect(result.changed.map(({ name }) => name)).toEqual(["w", "k", "tw", "ew"]);
    expect(result.warnings).toEqual([english(memoryWarning)]);
    expect(modelProblems(changed)).toEqual([]);
    expect(names(changed.graph.initializer)).toEqual(["w_bfloat16"]);
    expect(opTypes(changed.graph).slice(0, 3).sort()).toEqual(["Cast", "Cast", "Constant"]);
    const branches = changed.graph.node.flatMap((entry) =>
      entry.attribute.flatMap(({ g }) => (g === undefined ? [] : [g])),
    );
    expect(branches.map(opTypes)).toEqual([
      ["Cast", "MatMul", "MatMul"],
      ["Cast", "MatMul", "MatMul"],
    ]);
    const [old, stored] = [source.graph.initializer[0], changed.graph.initializer[0]];
    if (old === undefined || stored === undefined) throw new Error("no weight");
    expect(stored.dims).toEqual(old.dims);
    expect([...readTensor(stored)]).toEqual([...readFloats(old)].map(bfloat16Bits));
    expect(sizeOf(changed)).toBeLessThan(0.6 * sizeOf(source));
    const { error, outputs } = await comparer.compare(source, changed);
    expect(error).toBeUndefined();
    expect(outputs[0]?.cosine).toBeGreaterThan(0.9999);
  });

  it("computes exactly what a float32 model with the rounded weights computes", async () => {
    const source = shared();
    const { changed } = await cast(source);
    const rounded = cloneStructure(changed);
    // Back to float32: what the Casts give is the rounded weight.
    const [stored] = changed.graph.initializer;
    if (stored === undefined) throw new Error("no weight");
    rounded.graph.initializer = [makeTensor("w", "float32", [32, 32], readFloats(stored))];
    rounded.graph.node = rounded.graph.node.filter((entry) => entry.output[0] !== "w");
    const { outputs } = await comparer.compare(rounded, changed);
    expect(outputs[0]?.maxAbs).toBe(0);
  });

  it("is undone by ONNX Runtime when it loads the model, in subgraphs too", async () => {
    const path = join(tmpdir(), `bfloat16-${process.pid}.onnx`);
    const { changed } = await cast(shared());
    const session = await loadSession(Buffer.concat(encodeModel(changed)), {
      optimization: "basic",
      optimizedModelPath: path,
    });
    await session.release();
    const optimized = decodeModel(readFileSync(path));
    const graphs = [
      optimized.graph,
      ...optimized.graph.node.flatMap(({ attribute }) => attribute.flatMap(({ g }) => (g ? [g] : []))),
    ];
    expect(graphs).toHaveLength(3);
    for (const one of graphs) {
      expect(opTypes(one)).not.toContain("Cast");
      for (const { dataType } of one.initializer) expect(dataType).toBe(dtypes.float32.code);
    }
  });

  it("a second time does nothing", async () => {
    const { changed } = await cast(shared());
    const twice = (await cast(changed)).result;
    expect(twice.changed).toEqual([]);
    expect(twice.skipped[0]?.reason).toBe(
      "it has no float32 weights of 1 values or more to store as bfloat16",
    );
    expect(twice.skipped[1]).toEqual({ name: "w_bfloat16", reason: "it is bfloat16 already" });
  });

  it("keeps NaN and infinities, and leaves alone what would become infinite", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 2])],
        output: [value("y", [1, 2]), value("z", [1, 2])],
        node: [node("Add", ["x", "odd"], ["y"]), node("Max", ["x", "mask"], ["z"])],
        initializer: [
          floats("odd", [1, 2], [Number.NaN, Number.NEGATIVE_INFINITY]),
          floats("mask", [1, 2], [-3.4028234663852886e38, 0]),
        ],
      }),
    );
    const { changed, result } = await cast(source);
    expect(result.changed.map(({ name }) => name)).toEqual(["odd"]);
    expect(result.skipped).toEqual([
      { name: "mask", reason: "1 of its values are so large that bfloat16 would make them infinite" },
    ]);
    const { error, outputs } = await comparer.compare(source, changed);
    expect(error).toBeUndefined();
    expect(outputs.map(({ finite, maxAbs }) => [finite, maxAbs])).toEqual([
      [true, 0],
      [true, 0],
    ]);
  });
});

describe("what is left alone", () => {
  it("small tensors, other types, protected ones, and scales of quantised weights", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 32])],
        output: [value("y", [1, 32])],
        node: [
          node("MatMul", ["x", "w"], ["b"]),
          node("DequantizeLinear", ["q", "scales"], ["d"]),
          node("MatMul", ["b", "d"], ["e"]),
          node("MatMul", ["e", "mine"], ["f"]),
          node("MatMul", ["f", "byNode"], ["g"]),
          node("Add", ["g", "bias"], ["y"]),
        ],
        initializer: [
          weight("w", [32, 32]),
          makeTensor("q", "int8", [32, 300], new Int8Array(32 * 300)),
          weight("scales", [300]),
          weight("mine", [32, 32]),
          weight("byNode", [32, 32]),
          weight("bias", [32]),
          makeTensor("half", "float16", [32, 32], new Uint16Array(1024)),
        ],
      }),
    );
    const { result } = await cast(source, { min_elements: 256, protect: ["mine", "n_g", "typo"] });
    expect(result.changed.map(({ name }) => name)).toEqual(["w"]);
    expect(new Map(result.skipped.map(({ name, reason }) => [name, reason]))).toEqual(
      new Map([
        ["scales", "it holds scales of quantised weights, which need their precision"],
        ["mine", "protected by name"],
        ["byNode", "protected by the name of a node that reads it"],
        ["bias", "it has 32 values, fewer than 256"],
        ["half", "it is float16, which is as small already"],
      ]),
    );
    expect(result.warnings[0]).toContain('"typo"');
  });

  it("of a model whose weights are inputs too: nothing, but they are inputs no longer, which is said", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 32]), value("w", [32, 32])],
        output: [value("y", [1, 32])],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [weight("w", [32, 32])],
      }),
    );
    const { changed, result } = await cast(source);
    expect(changed.graph.input.map(({ name }) => name)).toEqual(["x"]);
    expect(result.warnings[0]).toBe("Inputs that held the defaults of weights are gone: w");
    expect(modelProblems(changed)).toEqual([]);
    const session = await loadSession(Buffer.concat(encodeModel(changed)));
    expect(session.signature.inputs.map(({ name }) => name)).toEqual(["x"]);
    await session.release();
  });

  it("raises the opset where Cast knows no bfloat16 yet, and says where it cannot", async () => {
    const net = (opType: string, opset: number, irVersion: number) =>
      model(
        graph({
          input: [value("x", [1, 32]), ...(irVersion < 4 ? [value("w", [32, 32])] : [])],
          output: [value("y", [1, 32])],
          node: [node("MatMul", ["x", "w"], ["a"]), node(opType, ["a"], ["y"])],
          initializer: [weight("w", [32, 32])],
        }),
        opset,
        irVersion,
      );
    const old = net("Relu", 8, 3);
    const { changed, result } = await cast(old);
    expect(result.changed).toHaveLength(1);
    expect(changed.opsetImport.map(({ version }) => version)).toEqual([13]);
    expect(changed.graph.input.map(({ name }) => name)).toEqual(["x"]);
    const { error, outputs } = await comparer.compare(old, changed);
    expect(error).toBeUndefined();
    expect(outputs[0]?.cosine).toBeGreaterThan(0.9999);
    const strange = (await cast(net("Unheard", 8, 4))).result;
    expect(strange.changed).toEqual([]);
    expect(strange.skipped[0]?.reason).toContain("needs opset 13");
  });
});
