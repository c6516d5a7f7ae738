import { describe, expect, it } from "vitest";
import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable, trainingOf } from "#engine/runtime/tools.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { withValues } from "#engine/train/graph/parameters.ts";
import { signs } from "#engine/train/testing/signs.ts";
import { cloneStructure } from "../graph/clone.ts";
import { runStep } from "./index.ts";
import { type PassContext, silent } from "./pass.ts";
import { type StepInput, stepSchema } from "./step.schema.ts";
import { model as build, choice, floats, graph, node, value } from "./testing/build.ts";
import { inEnglish } from "./testing/in-english.ts";
import type { Checkpoints, TrainingTools } from "./training/tools.ts";

const network = () => mlp({ input: [2], hidden: [32, 16], outputs: 2 }, 5);
type Options = Omit<Extract<StepInput, { use: "train.qat" }>, "use">;
const usual: Options = { epochs: 6, batch_size: 16, learning_rate: 0.01 };

async function run(
  source: Model,
  step: StepInput,
  more: Partial<TrainingTools> = {},
  context: Partial<PassContext> = {},
) {
  const model = cloneStructure(source);
  const tools = { load: loadExecutable, training: { ...trainingOf(signs()), ...more } };
  const result = await runStep(model, stepSchema.parse(step), { ...silent, ...tools, ...context });
  return { model, result: inEnglish(result) };
}

const qat = (
  source: Model,
  options: Options = {},
  more?: Partial<TrainingTools>,
  context?: Partial<PassContext>,
) => run(source, { use: "train.qat", ...usual, ...options }, more, context);

/** Trained in float32 first. */
const trained = (
  await run(network(), { use: "train.finetune", epochs: 8, batch_size: 16, learning_rate: 0.01 })
).model;

const bytesOf = (model: Model) => Buffer.concat(encodeModel(model));

/** Accuracies on the tuning split, in per cent: in float32, in integers before training, and after. */
function accuracies({ changed, warnings }: Awaited<ReturnType<typeof qat>>["result"]): number[] {
  const said = [...changed.map(({ what }) => what), ...warnings].find((text) => text.startsWith("accuracy"));
  return [...(said ?? "").matchAll(/([\d.]+)%/g)].map(([, number]) => Number(number));
}

/**
 * The same function with every eighth unit of the first layer 200 times as large, and divided again behind its Relu: one
 * scale for all of a tensor has hardly a step left for the others.
 */
function withOutliers(source: Model): Model {
  const tensors = new Map(source.graph.initializer.map((tensor) => [tensor.name ?? "", readFloats(tensor)]));
  const factor = (unit: number) => (unit % 8 === 0 ? 200 : 1);
  const [w1, b1, w2] = ["dense1.weight", "dense1.bias", "dense2.weight"].map((name) => tensors.get(name));
  return withValues(
    source,
    new Map([
      ["dense1.weight", w1!.map((weight, at) => weight * factor(Math.floor(at / 2)))],
      ["dense1.bias", b1!.map((weight, at) => weight * factor(at))],
      ["dense2.weight", w2!.map((weight, at) => weight / factor(at % 32))],
    ]),
  );
}

function integersOf(model: Model): Map<string, Int8Array> {
  return new Map(
    model.graph.initializer
      .filter(({ name, dataType }) => name?.endsWith(".weight_quantized") && dataType === 3)
      .map(({ name, rawData }) => [name ?? "", new Int8Array(rawData as Uint8Array)]),
  );
}

describe("train.qat", () => {
  it("wins back what one scale per tensor loses to outliers", async () => {
    const { model, result } = await qat(withOutliers(trained), { per_channel: false, epochs: 15 });
    const [float = 0, before = 0, after = 0] = accuracies(result);
    expect(float).toBeGreaterThan(95);
    expect(before).toBeLessThan(75);
    expect(after).toBeGreaterThan(90);
    expect(result.changed.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^658 weights trained on 160 items for 15 epochs; those of epoch \d+ are kept$/),
      expect.stringMatching(/^7 scales learned: they end at [\d.]+ to [\d.]+ times what calibration found$/),
      expect.stringMatching(/^accuracy on the tuning split/),
      ...[1, 2, 3].map((layer) => `Gemm: "dense${layer}.weight" float32 → int8, one scale per tensor`),
      'activations float32 → uint8, their ranges learned by minmax over 160 items of the train split of "signs"',
    ]);
    expect(model.graph.node.filter(({ opType }) => opType === "Gemm")).toHaveLength(3);
    expect(integersOf(model).size).toBe(3);
  });

  it("gives what static quantisation gives where no epoch is better, and says so", async () => {
    const { model, result } = await qat(trained, { learning_rate: 5, epochs: 2 });
    expect(result.warnings[0]).toBe(
      "No epoch was better on the tuning split than the integers that calibration gave: the model is the one that static quantisation makes",
    );
    const [, before = 0, after = 100] = accuracies(result);
    expect(after).toBeLessThan(before);
    const again = await qat(trained, { learning_rate: 3, epochs: 1, optimizer: "sgd" });
    expect(bytesOf(again.model)).toEqual(bytesOf(model));
    expect(result.changed.map(({ what }) => what).filter((what) => what.includes("trained"))).toEqual([]);
  });

  it("keeps scales where they are if asked to", async () => {
    const { result } = await qat(withOutliers(trained), { per_channel: false, learn_scales: false });
    expect(result.changed.some(({ what }) => what.includes("scales learned"))).toBe(false);
    const [, before = 0, after = 0] = accuracies(result);
    expect(after).toBeGreaterThan(before);
  });

  it("leaves zeros at zero", async () => {
    const names = ["dense1.weight", "dense2.weight"];
    const sparse = withValues(
      withOutliers(trained),
      new Map(
        trained.graph.initializer
          .filter(({ name = "" }) => names.includes(name))
          .map((tensor) => [
            tensor.name ?? "",
            readFloats(tensor).map((weight, at) => (at % 3 === 0 ? 0 : weight)),
          ]),
      ),
    );
    const { model, result } = await qat(sparse);
    expect(result.changed[0]?.what).toContain("weights trained");
    for (const name of names) {
      const integers = integersOf(model).get(`${name}_quantized`) ?? new Int8Array();
      expect(integers.length).toBeGreaterThan(0);
      expect(integers.every((value, at) => at % 3 !== 0 || value === 0)).toBe(true);
    }
  });

  it("goes on from a checkpoint to the same bits", async () => {
    const kept: Uint8Array[] = [];
    const store = (last: Uint8Array | undefined): Checkpoints => ({
      load: async () => last,
      save: async (parts) => void kept.push(Buffer.concat(parts)),
    });
    const source = withOutliers(trained);
    const options = { per_channel: false, epochs: 5 };
    const whole = await qat(source, options, { checkpoints: () => store(undefined) });
    expect(kept.length).toBe(5);
    const resumed = await qat(source, options, { checkpoints: () => store(kept[2]) });
    expect(bytesOf(resumed.model)).toEqual(bytesOf(whole.model));
    expect(resumed.result).toEqual(whole.result);
  });

  it("freezes by the name of a node or a weight, which then keeps its integers", async () => {
    const source = withOutliers(trained);
    const free = await qat(source, { per_channel: false });
    const [first] = trained.graph.node;
    for (const name of [first?.name ?? "", "dense1.weight"]) {
      const { model, result } = await qat(source, { per_channel: false, freeze: [name, "nobody"] });
      expect(result.warnings).toContain('"freeze" names "nobody", which the model does not have');
      const start = await run(source, {
        use: "train.qat",
        per_channel: false,
        epochs: 1,
        learning_rate: 1e-9,
      });
      const kept = (one: Model) => integersOf(one).get("dense1.weight_quantized");
      expect(kept(model)).toEqual(kept(start.model));
      expect(kept(free.model)).not.toEqual(kept(start.model));
    }
  });

  it("keeps the statistics of a batch normalisation that cannot be folded", async () => {
    const source = cloneStructure(trained);
    const statistics = { m: [0.1, -0.1], v: [0.5, 0.25] };
    source.graph.node.unshift(
      makeNode("BatchNormalization", ["input", "s", "b", "m", "v"], ["normal"], { name: "norm" }),
    );
    source.graph.node[1]!.input[0] = "normal";
    source.graph.initializer.push(
      floats("s", [2], [0.7, 0.5]),
      floats("b", [2], [0.1, -0.1]),
      ...Object.entries(statistics).map(([name, values]) => floats(name, [2], values)),
    );
    const { model, result } = await qat(source, { per_channel: false });
    expect(result.changed[0]?.what).toMatch(/^\d+ weights trained/);
    for (const [name, values] of Object.entries(statistics)) {
      const tensor = model.graph.initializer.find((one) => one.name === name);
      expect([...readFloats(tensor!)]).toEqual(values.map(Math.fround));
    }
  });

  it("trains scales alone where all weights are frozen", async () => {
    const names = trained.graph.initializer.map(({ name = "" }) => name);
    const { result } = await qat(withOutliers(trained), { per_channel: false, freeze: names });
    expect(result.skipped).toEqual([]);
    expect(accuracies(result)[0]).toBeGreaterThan(95);
    expect(result.warnings.filter((text) => text.includes("freeze"))).toEqual([]);
  });

  it("leaves out the nodes that are named", async () => {
    const last = trained.graph.node.at(-1)?.name ?? "";
    const { model } = await qat(trained, { nodes_to_exclude: [last] });
    expect(integersOf(model).size).toBe(2);
    expect(model.graph.initializer.some(({ name }) => name === "dense3.weight")).toBe(true);
  });
});

describe("train.qat is not applicable", () => {
  const reasonOf = async (source: Model, context?: Partial<PassContext>, options: Options = {}) => {
    const { model, result } = await qat(source, options, {}, context);
    expect(result.changed).toEqual([]);
    expect(bytesOf(model)).toEqual(bytesOf(source));
    return result.skipped[0]?.reason;
  };

  it("without data, or to integers, or where nothing may be quantised or trained", async () => {
    expect(await reasonOf(trained, { training: undefined })).toBe(
      "it needs items with labels to train on, and none were given",
    );
    const { model: quantised } = await qat(trained, { epochs: 1 });
    expect(await reasonOf(quantised)).toBe("the model is quantised already");
    expect(await reasonOf(trained, {}, { op_types: ["Conv"] })).toBe(
      "no node that can be quantised has a float32 weight",
    );
    const names = trained.graph.initializer.map(({ name = "" }) => name);
    expect(await reasonOf(trained, {}, { freeze: names, learn_scales: false })).toContain(
      "There is nothing to train",
    );
  });

  it("where an operator has no gradient", async () => {
    const odd = build(
      graph({
        input: [value("x", ["batch", 2])],
        output: [value("y", ["batch", 2])],
        node: [
          node("MatMul", ["x", "w"], ["h"]),
          node("Mod", ["h", "two"], ["r"], [makeInt("fmod", 1)]),
          node("MatMul", ["r", "v"], ["y"]),
        ],
        initializer: [
          floats("w", [2, 2], [1, 0.5, -0.3, 0.2]),
          floats("two", [], [2]),
          floats("v", [2, 2], [1, 0.5, -0.3, 0.2]),
        ],
      }),
      18,
    );
    expect(await reasonOf(odd)).toContain("Mod has no gradient rule");
  });

  it("to subgraphs, which stay in float32 with a reason", async () => {
    const branch = (name: string) =>
      graph({ name, output: [value(name, ["batch", 2])], node: [node("MatMul", ["x", "inner"], [name])] });
    const source = build(
      graph({
        input: [value("x", ["batch", 2])],
        output: [value("y", ["batch", 2])],
        node: [
          node("MatMul", ["x", "w"], ["h"]),
          node("MatMul", ["h", "v"], ["g"]),
          choice("yes", "z", branch("a"), branch("b")),
          node("Add", ["g", "z"], ["y"]),
        ],
        initializer: [
          floats("w", [2, 2], [1, 0.5, -0.3, 0.2]),
          floats("v", [2, 2], [1, 0.5, -0.3, 0.2]),
          floats("inner", [2, 2], [1, 2, 3, 4]),
          makeTensor("yes", "bool", [], Uint8Array.of(1)),
        ],
      }),
      18,
    );
    const { model, result } = await qat(source);
    const reasons = result.skipped.map(({ reason }) => reason);
    expect(reasons).toEqual(Array(2).fill("it is in a subgraph, which is not trained"));
    expect(result.changed.some(({ what }) => what.includes('"v" float32 → int8'))).toBe(true);
    expect(model.graph.initializer.find(({ name }) => name === "inner")?.dataType).toBe(1);
  });
});
