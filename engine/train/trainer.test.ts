import { describe, expect, it } from "vitest";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { openTrainingStep } from "#engine/runtime/training-step.ts";
import { noise } from "./autodiff/testing/case.ts";
import { leNet5 } from "./catalogue/lenet-5.ts";
import { mlp } from "./catalogue/mlp.ts";
import { withValues } from "./graph/parameters.ts";
import { type TrainingGraph, trainingGraph } from "./graph/training-graph.ts";
import { lossSchema } from "./losses/loss.schema.ts";
import { optimizerSchema, scheduleSchema } from "./optimizers/optimizer.schema.ts";
import { Trainer, type TrainerOptions } from "./trainer.ts";

const crossEntropy = lossSchema.parse({ kind: "cross-entropy" });
const batch = 16;

function graphOf(model: Model, dims: readonly number[], frozen: string[] = []): TrainingGraph {
  return trainingGraph(model, {
    inputDims: new Map([["input", [batch, ...dims]]]),
    loss: crossEntropy,
    frozen,
  });
}

const initialOf = ({ parameters }: TrainingGraph) =>
  new Map(parameters.map(({ name, tensor }) => [name, readFloats(tensor)]));

function options(further: Partial<TrainerOptions> = {}): TrainerOptions {
  return {
    optimizer: optimizerSchema.parse({ kind: "adam", learning_rate: 0.005 }),
    schedule: scheduleSchema.parse({ shape: "cosine", warmup_steps: 5 }),
    totalUpdates: 60,
    accumulate: 1,
    seed: 1,
    ...further,
  };
}

/** Items whose class is the quarter that is brighter than the rest. */
function task(dims: readonly number[], seed: number) {
  const size = dims.reduce((a, b) => a * b, 1);
  const labels = Array.from({ length: batch }, (_, item) => (seed + item * item) % 4);
  const data = Float32Array.from(noise(batch * size, seed), (value, at) => {
    const quarter = Math.floor((4 * (at % size)) / size);
    return quarter === labels[Math.floor(at / size)] ? value + 1 : value;
  });
  return {
    feeds: { input: { dtype: "float32", dims: [batch, ...dims], data } } as const,
    labels: { dtype: "int64", dims: [batch], data: BigInt64Array.from(labels, BigInt) } as const,
  };
}

async function train(trainer: Trainer, dims: readonly number[], from: number, to: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = from; step < to; step++) {
    const { feeds, labels } = task(dims, 1000 + step);
    const { loss } = await trainer.step({ ...feeds, [trainer.graph.target?.name ?? ""]: labels });
    losses.push(loss);
  }
  return losses;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("training", () => {
  it.each([
    { name: "a perceptron", dims: [8], make: () => mlp({ input: [8], hidden: [64, 32], outputs: 4 }, 7) },
    {
      name: "a convolutional network",
      dims: [1, 16, 16],
      make: () => leNet5({ input: [1, 16, 16], outputs: 4 }, 7),
    },
  ])(
    "lowers the loss of $name, and the exported model says the same as the graph",
    async ({ dims, make }) => {
      const model = make();
      const graph = graphOf(model, dims);
      const trainer = await Trainer.open(graph, initialOf(graph), options(), openTrainingStep);
      const losses = await train(trainer, dims, 0, 60);
      expect(mean(losses.slice(-10))).toBeLessThan(0.6 * mean(losses.slice(0, 5)));
      const last = task(dims, 5);
      const before = trainer.weights();
      await trainer.step({ ...last.feeds, [graph.target?.name ?? ""]: last.labels });
      const session = await loadExecutable(withValues(model, before));
      const { logits } = await session.run(last.feeds);
      const said = logits?.data as Float32Array;
      expect(said.length).toBe(trainer.prediction.length);
      said.forEach((value, at) => {
        expect(value).toBeCloseTo(trainer.prediction[at] ?? 0, 4);
      });
      await session.release();
      await trainer.release();
    },
  );

  it("goes on from a checkpoint to the same bits", async () => {
    const dims = [8];
    const graph = graphOf(mlp({ input: dims, hidden: [16], outputs: 4 }, 7), dims);
    const run = options({ accumulate: 2 });
    const whole = await Trainer.open(graph, initialOf(graph), run, openTrainingStep);
    await train(whole, dims, 0, 14);
    const first = await Trainer.open(graph, initialOf(graph), run, openTrainingStep);
    // In the middle of an update: one of two batches is done.
    await train(first, dims, 0, 7);
    const saved = first.save();
    await first.release();
    const second = await Trainer.open(graph, initialOf(graph), run, openTrainingStep);
    second.restore(saved);
    expect(second.steps).toBe(7);
    await train(second, dims, 7, 14);
    expect(second.weights()).toEqual(whole.weights());
    await whole.release();
    await second.release();
  });

  it("of two half batches is that of the whole one", async () => {
    const dims = [8];
    const graph = graphOf(mlp({ input: dims, hidden: [16], outputs: 4 }, 7), dims);
    const sgd = optimizerSchema.parse({ kind: "sgd", learning_rate: 0.1 });
    const constant = scheduleSchema.parse({ shape: "constant" });
    const plain = { optimizer: sgd, schedule: constant, totalUpdates: 1 };
    const once = await Trainer.open(graph, initialOf(graph), options(plain), openTrainingStep);
    await train(once, dims, 0, 1);
    const twice = await Trainer.open(
      graph,
      initialOf(graph),
      options({ ...plain, accumulate: 2 }),
      openTrainingStep,
    );
    await train(twice, dims, 0, 1);
    expect(twice.weights()).toEqual(initialOf(graph));
    await train(twice, dims, 0, 1);
    for (const [name, values] of once.weights()) {
      twice
        .weights()
        .get(name)
        ?.forEach((value, at) => {
          expect(value).toBeCloseTo(values[at] ?? 0, 6);
        });
    }
    await once.release();
    await twice.release();
  });

  it("leaves frozen weights alone, and masked ones at zero", async () => {
    const dims = [8];
    const model = mlp({ input: dims, hidden: [16], outputs: 4 }, 7);
    const graph = graphOf(model, dims, ["dense1.weight", "nobody"]);
    expect(graph.unknown).toEqual(["nobody"]);
    expect(graph.parameters.map(({ name }) => name)).toEqual(["dense1.bias", "dense2.weight", "dense2.bias"]);
    const mask = Float32Array.from({ length: 64 }, (_, at) => at % 2);
    const trainer = await Trainer.open(
      graph,
      initialOf(graph),
      options(),
      openTrainingStep,
      new Map([["dense2.weight", mask]]),
    );
    await train(trainer, dims, 0, 5);
    const weights = trainer.weights().get("dense2.weight");
    expect(weights?.every((value, at) => (value !== 0) === (at % 2 === 1))).toBe(true);
    await trainer.release();
  });

  it("says at which step it failed, and where", async () => {
    const dims = [8];
    const graph = graphOf(mlp({ input: dims, hidden: [16], outputs: 4 }, 7), dims);
    const wild = optimizerSchema.parse({ kind: "sgd", learning_rate: 100 });
    const trainer = await Trainer.open(
      graph,
      initialOf(graph),
      options({ optimizer: wild }),
      openTrainingStep,
    );
    const { feeds, labels } = task(dims, 1);
    const infinite = { ...feeds.input, data: feeds.input.data.map(() => Number.POSITIVE_INFINITY) };
    await trainer.step({ ...feeds, [graph.target?.name ?? ""]: labels });
    await expect(trainer.step({ input: infinite, [graph.target?.name ?? ""]: labels })).rejects.toMatchObject(
      {
        code: "training-failed",
        message: expect.stringMatching(
          /became NaN at step 2; the first weight with such a gradient is "dense1.weight"/,
        ),
      },
    );
    await trainer.release();
  });

  it("refuses what is frozen as a whole", () => {
    const dims = [8];
    const model = mlp({ input: dims, hidden: [], outputs: 4 }, 7);
    expect(() => graphOf(model, dims, ["dense1.weight", "dense1.bias"])).toThrow(/nothing to train/);
  });
});
