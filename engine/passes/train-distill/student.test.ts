import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { matrixFactorization } from "#engine/train/catalogue/recommender.ts";
import { lossSchema } from "#engine/train/losses/loss.schema.ts";
import { findPrediction, logitsOf } from "./prediction.ts";
import { buildStudent } from "./student.ts";

const names = ({ graph }: Model) => ({
  inputs: graph.input.map(({ name }) => name),
  outputs: graph.output.map(({ name }) => name),
});

/** A perceptron under other names, with more behind its logits. */
function original(...last: string[]): Model {
  const model = mlp({ input: [4], hidden: [5], outputs: 3 }, 1);
  const { graph } = model;
  for (const node of graph.node) node.input = node.input.map((name) => (name === "input" ? "dense1" : name));
  for (const node of graph.node)
    node.output = node.output.map((name) => (name === "dense1" ? "hidden" : name));
  for (const node of graph.node)
    if (node.opType === "Relu") node.input = node.input.map((name) => (name === "dense1" ? "hidden" : name));
  for (const input of graph.input) input.name = "dense1";
  last.forEach((opType, at) => {
    const from = at === 0 ? "logits" : `last${at - 1}`;
    const attribute = opType === "Softmax" ? [makeInt("axis", 1)] : [];
    graph.node.push(makeNode(opType, [from], [`last${at}`], { attribute }));
  });
  if (last.length > 0) graph.output = [makeValue(`last${last.length - 1}`, "float32", ["N", 3])];
  validateModel(model);
  return model;
}

const spec = architectureSchema.parse({ kind: "mlp", input: [4], hidden: [2], outputs: 3 });

describe("a new network in the place of a model", () => {
  it("takes the names of its inputs and output, also where they are taken", async () => {
    const { model, warnings } = buildStudent(spec, 1, original());
    validateModel(model);
    expect(names(model)).toEqual({ inputs: ["dense1"], outputs: ["logits"] });
    expect(warnings).toEqual([]);
    const session = await loadExecutable(model);
    const data = Float32Array.of(1, 2, 3, 4);
    const { logits } = await session.run({ dense1: { dtype: "float32", dims: [1, 4], data } });
    const own = await loadExecutable(buildArchitecture(spec, 1));
    const { logits: wanted } = await own.run({ input: { dtype: "float32", dims: [1, 4], data } });
    expect(logits?.data).toEqual(wanted?.data);
    await session.release();
    await own.release();
  });

  it("ends as the model does", async () => {
    const { model } = buildStudent(spec, 1, original("Softmax", "Identity"));
    validateModel(model);
    expect(names(model).outputs).toEqual(["last1"]);
    const session = await loadExecutable(model);
    const input = { dtype: "float32", dims: [1, 4], data: Float32Array.of(1, 2, 3, 4) } as const;
    const { last1 } = await session.run({ dense1: input });
    await session.release();
    const sum = [...((last1?.data as Float32Array | undefined) ?? [])].reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 5);
    expect(buildStudent(spec, 1, original("Sigmoid")).model.graph.node.at(-1)?.opType).toBe("Sigmoid");
  });

  it("keeps names that mean something, and says where names cannot be kept", () => {
    const factors = { kind: "matrix-factorization", users: 5, items: 6, width: 2 } as const;
    const old = matrixFactorization({ users: 5, items: 6, width: 4 }, 1);
    old.graph.input.reverse();
    expect(names(buildStudent(factors, 1, old).model).inputs).toEqual(["user", "item"]);
    for (const input of old.graph.input) input.name = `the ${input.name}`;
    for (const node of old.graph.node)
      node.input = node.input.map((name) => (name === "user" || name === "item" ? `the ${name}` : name));
    expect(names(buildStudent(factors, 1, old).model).inputs).toEqual(["the item", "the user"]);
    const two = original();
    two.graph.output.push(makeValue("hidden", "float32", ["N", 5]));
    const { model, warnings } = buildStudent(factors, 1, two);
    expect(names(model).inputs).toEqual(["user", "item"]);
    expect(warnings.map(english)).toEqual([
      "The new network takes 2 inputs and the model before took 1, so that it has names of its own for them: user, item. A dataset that feeds inputs by other names does not fit",
      "Of the 2 outputs of the model before, the new network has the first one alone",
    ]);
  });
});

describe("what a model says", () => {
  const loss = lossSchema.parse({ kind: "cross-entropy" });

  it.each([
    { last: [], name: "logits" },
    { last: ["Softmax"], name: "logits" },
    { last: ["Softmax", "Identity", "Identity"], name: "logits" },
    { last: ["Sigmoid"], name: "last0" },
    { last: ["LogSoftmax"], name: "last0" },
  ])("is looked at in $name behind $last", ({ last, name }) => {
    expect(findPrediction(original(...last), loss)).toMatchObject({ name, isProbability: false });
  });

  it("is looked at before a Sigmoid where that is asked for, and as it is where it is a number", () => {
    const yes = lossSchema.parse({ kind: "binary-cross-entropy" });
    expect(findPrediction(original("Sigmoid"), yes).name).toBe("logits");
    expect(findPrediction(original("Softmax"), lossSchema.parse({ kind: "mse" })).name).toBe("last0");
  });

  it("has the axis of a Softmax by the opset", () => {
    const model = original("Softmax");
    expect(findPrediction(model, loss).axis).toBe(1);
    const last = model.graph.node.at(-1);
    if (last !== undefined) last.attribute = [];
    expect(findPrediction(model, loss).axis).toBeUndefined();
    for (const entry of model.opsetImport) entry.version = 12;
    expect(findPrediction(model, loss).axis).toBe(1);
  });

  it("is made of probabilities where those alone can be seen", () => {
    const model = original("QLinearSoftmax", "DequantizeLinear");
    expect(findPrediction(model, loss)).toMatchObject({ name: "last1", isProbability: true });
    const scores = logitsOf(Float32Array.of(0.7, 0.3, 0), loss);
    const powers = [...scores].map(Math.exp);
    expect(powers[0]).toBeCloseTo(0.7, 6);
    expect(scores[2]).toBeCloseTo(Math.log(1e-7), 4);
    const yes = lossSchema.parse({ kind: "binary-cross-entropy" });
    expect(logitsOf(Float32Array.of(0.8), yes)[0]).toBeCloseTo(Math.log(4), 5);
    expect(Number.isFinite(logitsOf(Float32Array.of(1), yes)[0])).toBe(true);
  });
});
