import { describe, expect, it } from "vitest";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { openTrainingStep } from "#engine/runtime/training-step.ts";
import { withValues } from "../graph/parameters.ts";
import { trainingGraph } from "../graph/training-graph.ts";
import { lossSchema } from "../losses/loss.schema.ts";
import { optimizerSchema, scheduleSchema } from "../optimizers/optimizer.schema.ts";
import { Trainer } from "../trainer.ts";
import { type Architecture, architectureSchema } from "./architecture.schema.ts";
import { buildArchitecture } from "./index.ts";
import { feedsOf, smallSpecs } from "./testing/batch.ts";

const batch = 12;

function setUp(spec: Architecture, model = buildArchitecture(spec, 3)) {
  const feeds = feedsOf(spec, batch);
  const isRanking = "users" in spec;
  const graph = trainingGraph(model, {
    inputDims: new Map(Object.entries(feeds).map(([name, { dims }]) => [name, dims])),
    loss: lossSchema.parse({ kind: isRanking ? "mse" : "cross-entropy" }),
  });
  const target: HostTensor = isRanking
    ? {
        dtype: "float32",
        dims: [batch, 1],
        data: Float32Array.from({ length: batch }, (_, at) => (at % 5) % 3),
      }
    : {
        dtype: "int64",
        dims: [batch],
        data: BigInt64Array.from({ length: batch }, (_, at) => BigInt((at % 5) % 3)),
      };
  const initial = new Map(graph.parameters.map(({ name, tensor }) => [name, readFloats(tensor)]));
  const open = () =>
    Trainer.open(
      graph,
      initial,
      {
        optimizer: optimizerSchema.parse({ kind: "adam", learning_rate: 0.01 }),
        schedule: scheduleSchema.parse({ shape: "constant" }),
        totalUpdates: 60,
        accumulate: 1,
        seed: 5,
      },
      openTrainingStep,
    );
  const step = async (trainer: Trainer) =>
    (await trainer.step({ ...feeds, [graph.target?.name ?? ""]: target })).loss;
  return { model, graph, feeds, open, step };
}

async function outputOf(model: Model, feeds: Record<string, HostTensor>): Promise<Float32Array> {
  const session = await loadExecutable(model);
  const [output] = Object.values(await session.run(feeds));
  await session.release();
  if (!(output?.data instanceof Float32Array)) throw new Error("the output is float32");
  return output.data;
}

function expectSame(a: Float32Array, b: Float32Array): void {
  expect(a.length).toBe(b.length);
  a.forEach((value, at) => {
    expect(value).toBeCloseTo(b[at] ?? Number.NaN, 3);
  });
}

describe("training", () => {
  it.each(smallSpecs)(
    "learns one batch by heart, goes on from a checkpoint, and is exported: %j",
    async (given) => {
      const { model, feeds, open, step } = setUp(architectureSchema.parse(given));
      const trainer = await open();
      const first = await step(trainer);
      let last = first;
      for (let at = 1; at < 30; at++) last = await step(trainer);
      const saved = structuredClone(trainer.save());
      for (let at = 30; at < 60; at++) last = await step(trainer);
      expect(last).toBeLessThan(0.6 * first);
      const again = await open();
      again.restore(saved);
      for (let at = 30; at < 60; at++) await step(again);
      expect(again.weights()).toEqual(trainer.weights());
      expectSame(
        (await trainer.predict(feeds)).slice(),
        await outputOf(withValues(model, trainer.weights()), feeds),
      );
      await trainer.release();
      await again.release();
    },
  );

  it("moves the statistics of batch normalisation, and evaluates with them", async () => {
    const { graph, open, step } = setUp(architectureSchema.parse(smallSpecs[2]));
    expect(graph.statistics.length).toBeGreaterThan(10);
    const trainer = await open();
    await step(trainer);
    const weights = trainer.weights();
    for (const { name, initial } of graph.statistics) expect(weights.get(name), name).not.toEqual(initial);
    await trainer.release();
  });

  it("drops what masks say in training, and nothing in use", async () => {
    const spec = architectureSchema.parse({ kind: "mlp", input: [8], hidden: [16], outputs: 3 });
    const model = buildArchitecture(spec, 3);
    const at = model.graph.node.findIndex(({ opType }) => opType === "Relu");
    const [relu] = model.graph.node.slice(at);
    const result = relu?.output[0] ?? "";
    const dropout = makeNode("Dropout", ["kept", "ratio"], [result], { name: "dropout" });
    if (relu !== undefined) relu.output = ["kept"];
    model.graph.node.splice(at + 1, 0, dropout);
    model.graph.initializer.push(makeTensor("ratio", "float32", [], Float32Array.of(0.5)));
    const { graph, feeds, open, step } = setUp(spec, model);
    expect(graph.masks.map(({ dims, ratio }) => ({ dims, ratio }))).toEqual([
      { dims: [batch, 16], ratio: 0.5 },
    ]);
    const [one, two] = [await open(), await open()];
    expectSame((await one.predict(feeds)).slice(), await outputOf(model, feeds));
    const losses = [await step(one), await step(one)];
    expect([await step(two), await step(two)]).toEqual(losses);
    await one.release();
    await two.release();
  });
});
