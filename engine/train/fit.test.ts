import { describe, expect, it } from "vitest";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { openTrainingStep } from "#engine/runtime/training-step.ts";
import { BatchSource } from "./batches.ts";
import { mlp } from "./catalogue/mlp.ts";
import { type FitHooks, type FitPlan, type FitState, fitRows, fitWeights } from "./fit.ts";
import { trainingGraph } from "./graph/training-graph.ts";
import { type LossOptions, lossSchema } from "./losses/loss.schema.ts";
import { optimizerSchema, scheduleSchema } from "./optimizers/optimizer.schema.ts";
import { signs } from "./testing/signs.ts";
import { Trainer } from "./trainer.ts";

const batch = 16;

async function setUp(dataset: Dataset, loss: LossOptions, outputs: number, epochs: number) {
  const model = mlp({ input: [2], hidden: [32, 16], outputs }, 5);
  const rows = fitRows(dataset, batch);
  const signature = {
    inputs: [{ name: "input", dtype: "float32", shape: ["batch", 2] }],
    outputs: [],
  } as const;
  const all = Uint32Array.from([...rows.train, ...rows.tuning]);
  const source = new BatchSource(dataset, signature, all, batch);
  const graph = trainingGraph(model, { inputDims: source.inputDims, loss });
  const open = () =>
    Trainer.open(
      graph,
      new Map(graph.parameters.map(({ name, tensor }) => [name, readFloats(tensor)])),
      {
        optimizer: optimizerSchema.parse({ kind: "adam", learning_rate: 0.01 }),
        schedule: scheduleSchema.parse({ shape: "cosine" }),
        totalUpdates: epochs * Math.floor(rows.train.length / batch),
        accumulate: 1,
        seed: 1,
      },
      openTrainingStep,
    );
  const run = async (plan: Partial<FitPlan> = {}, hooks: FitHooks = {}, from?: FitState) => {
    const trainer = await open();
    try {
      return await fitWeights(
        trainer,
        dataset,
        source,
        rows,
        { loss, epochs, seed: 3, patience: undefined, ...plan },
        hooks,
        from,
      );
    } finally {
      await trainer.release();
    }
  };
  return { run, rows };
}

const crossEntropy = lossSchema.parse({ kind: "cross-entropy" });

describe("fitting", () => {
  it("learns, tells its curves, and keeps the weights of the best epoch on the tuning split", async () => {
    const { run, rows } = await setUp(signs(), crossEntropy, 2, 30);
    expect([rows.train.length, rows.tuning.length]).toEqual([160, 40]);
    const series = new Map<string, number[]>();
    const fractions: number[] = [];
    const result = await run(
      {},
      {
        onPoint: (name, step, value) => {
          expect(Number.isFinite(value)).toBe(true);
          series.set(name, [...(series.get(name) ?? []), step]);
        },
        onProgress: (fraction) => fractions.push(fraction),
      },
    );
    const scores = result.history.map(({ tuning }) => tuning?.accuracy ?? 0);
    expect(Math.max(...scores)).toBeGreaterThan(0.85);
    expect(scores[result.epoch - 1]).toBe(Math.max(...scores));
    expect(result.history.at(-1)?.trainLoss).toBeLessThan(0.5 * (result.history[0]?.trainLoss ?? 0));
    expect(series.get("loss")).toEqual(Array.from({ length: 300 }, (_, at) => at + 1));
    expect(series.get("tuning accuracy")).toEqual(Array.from({ length: 30 }, (_, at) => 10 * (at + 1)));
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });

  it("gives the same bits again, and from any checkpoint", async () => {
    const { run } = await setUp(signs(), crossEntropy, 2, 3);
    const states: FitState[] = [];
    const whole = await run(
      {},
      {
        isCheckpointDue: (steps, epochEnds) => epochEnds || steps % 4 === 0,
        onCheckpoint: async (state) => {
          states.push(structuredClone(state));
        },
      },
    );
    expect(await run()).toEqual(whole);
    // Two within each epoch of ten batches, and one at its end.
    expect(states.map(({ trainer }) => trainer.steps)).toEqual([4, 8, 10, 12, 16, 20, 24, 28, 30]);
    for (const state of states) expect(await run({}, {}, state)).toEqual(whole);
  });

  it("ends early where nothing gets better", async () => {
    const { run } = await setUp(
      signs({ label: (a) => (Math.sin(1e6 * a) > 0 ? 1 : 0) }),
      crossEntropy,
      2,
      60,
    );
    const result = await run({ patience: 3 });
    expect(result.stoppedEarly).toBe(true);
    expect(result.history.length).toBe(result.epoch + 3);
  });

  it("does not go on from the checkpoint of its last epoch where it had ended early", async () => {
    const { run } = await setUp(
      signs({ label: (a) => (Math.sin(1e6 * a) > 0 ? 1 : 0) }),
      crossEntropy,
      2,
      60,
    );
    let last: FitState | undefined;
    const onCheckpoint = async (state: FitState) => {
      last = structuredClone(state);
    };
    const whole = await run({ patience: 3 }, { onCheckpoint });
    const begun: number[] = [];
    const again = await run({ patience: 3 }, { onBegin: ({ done }) => void begun.push(done) }, last);
    expect(again).toEqual(whole);
    expect(begun).toEqual([10 * whole.history.length]);
  });

  it("trains on numbers", async () => {
    const dataset = signs({ label: (a, b) => a * b + 3, task: "regression" });
    const { run } = await setUp(dataset, lossSchema.parse({ kind: "huber" }), 1, 30);
    const { history } = await run();
    expect(history.at(-1)?.tuning?.accuracy).toBeUndefined();
    expect(history.at(-1)?.tuning?.loss).toBeLessThan(0.02);
  });

  it("stops when it is told to", async () => {
    const { run } = await setUp(signs(), crossEntropy, 2, 3);
    const controller = new AbortController();
    const hooks: FitHooks = {
      signal: controller.signal,
      onPoint: (_, step) => {
        if (step === 5) controller.abort(new Error("cancelled"));
      },
    };
    await expect(run({}, hooks)).rejects.toThrow("cancelled");
  });

  it("says so where there are fewer items than a batch takes", () => {
    expect(() => fitRows(signs({ tuning: 0.95 }), 16)).toThrow(
      /train split of "signs" has 10 items, a batch takes 16/,
    );
  });
});
