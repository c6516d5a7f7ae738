import { describe, expect, it } from "vitest";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { trainingOf } from "#engine/runtime/tools.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { withValues } from "#engine/train/graph/parameters.ts";
import { signs } from "#engine/train/testing/signs.ts";
import { cloneStructure } from "../graph/clone.ts";
import { runStep } from "./index.ts";
import { type PassContext, silent } from "./pass.ts";
import { type StepInput, stepSchema } from "./step.schema.ts";
import { inEnglish } from "./testing/in-english.ts";
import type { Checkpoints, TrainingTools } from "./training/tools.ts";

const network = () => mlp({ input: [2], hidden: [32, 16], outputs: 2 }, 5);
type Options = Omit<Extract<StepInput, { use: "train.finetune" }>, "use">;
const usual: Options = { epochs: 8, batch_size: 16, learning_rate: 0.01 };

async function finetune(
  source: Model,
  options: Options = {},
  more: Partial<TrainingTools> = {},
  context: Partial<PassContext> = {},
) {
  const step = stepSchema.parse({ use: "train.finetune", ...usual, ...options });
  const model = cloneStructure(source);
  const training = { ...trainingOf(signs()), ...more };
  const result = await runStep(model, step, { ...silent, training, ...context });
  return { model, result: inEnglish(result), raw: result };
}

function weightsOf(model: Model): Map<string, Float32Array> {
  return new Map(
    model.graph.initializer
      .filter(({ dims }) => dims.length === 2)
      .map((tensor) => [tensor.name ?? "", readFloats(tensor)]),
  );
}

/** The network with its matrices changed, value by value. */
function changed(change: (value: number) => number): Model {
  const model = network();
  const values = new Map([...weightsOf(model)].map(([name, old]) => [name, old.map(change)]));
  return withValues(model, values);
}

describe("train.finetune", () => {
  it("makes a model better and says by how much on which items", async () => {
    const { result } = await finetune(network());
    const [trained, score, ...tensors] = result.changed;
    expect(trained?.what).toMatch(
      /^658 weights trained on 160 items for 8 epochs; those of epoch \d are kept$/,
    );
    const [, before, after] = /: ([\d.]+)% before, ([\d.]+)% after/.exec(score?.what ?? "") ?? [];
    expect(Number(before)).toBeLessThan(70);
    expect(Number(after)).toBeGreaterThan(85);
    expect(tensors).toHaveLength(6);
    expect(result.warnings).toEqual([]);
  });

  it("leaves zeros at zero, and moves the others", async () => {
    const source = changed((value) => (Math.abs(value) < 0.1 ? 0 : value));
    const { model, result } = await finetune(source);
    const before = weightsOf(source);
    for (const [name, values] of weightsOf(model)) {
      const old = before.get(name) ?? new Float32Array();
      expect(values.map((value) => (value === 0 ? 1 : 0))).toEqual(old.map((value) => (value === 0 ? 1 : 0)));
      expect(values).not.toEqual(old);
    }
    expect(result.changed.some(({ what }) => /zeros stay$/.test(what))).toBe(true);
    const free = await finetune(source, { keep_zeros: false });
    expect([...weightsOf(free.model).values()].some((values) => !values.includes(0))).toBe(true);
  });

  it.each(["adam", "sgd"] as const)("keeps weights equal that share a value, with %s", async (optimizer) => {
    const coarse = changed((value) => Math.round(value * 4) / 4);
    const { model } = await finetune(coarse, { optimizer, learning_rate: 0.005 });
    const before = weightsOf(coarse);
    for (const [name, values] of weightsOf(model)) {
      if (values.length < 100) continue;
      const pairs = new Map<number, number>();
      before.get(name)?.forEach((old, at) => {
        expect(values[at]! + 0).toBe(pairs.get(old + 0) ?? values[at]! + 0);
        pairs.set(old + 0, values[at]! + 0);
      });
      expect(pairs.get(0)).toBe(0);
      expect(values).not.toEqual(before.get(name));
    }
    const free = await finetune(coarse, { keep_shared: false });
    const count = Math.max(...[...weightsOf(free.model).values()].map((values) => new Set(values).size));
    expect(count).toBeGreaterThan(100);
  });

  it("goes on from a checkpoint to the same bits", async () => {
    const kept: Uint8Array[] = [];
    const store = (last: Uint8Array | undefined): Checkpoints => ({
      load: async () => last,
      save: async (parts) => void kept.push(Buffer.concat(parts)),
    });
    const whole = await finetune(network(), {}, { checkpoints: () => store(undefined) });
    expect(kept.length).toBe(8);
    const resumed = await finetune(network(), {}, { checkpoints: () => store(kept[3]) });
    expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
    expect(resumed.result).toEqual(whole.result);
    await expect(
      finetune(network(), {}, { checkpoints: () => store(kept[3]?.subarray(0, 900)) }),
    ).rejects.toThrow("The checkpoint of the training cannot be read");
  });

  it("draws curves", async () => {
    const curves = new Map<string, number[]>();
    await finetune(
      network(),
      {},
      { onPoint: (curve, step) => curves.set(curve, [...(curves.get(curve) ?? []), step]) },
    );
    expect([...curves.keys()]).toEqual(["loss", "learning rate", "tuning loss", "tuning accuracy"]);
    expect(curves.get("loss")).toHaveLength(80);
    expect(curves.get("tuning accuracy")).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
  });

  it("is not applicable where no epoch is better, and leaves the model alone", async () => {
    const { model } = await finetune(network(), { epochs: 30 });
    const again = await finetune(model, { learning_rate: 10, epochs: 2 });
    expect(again.result.changed).toEqual([]);
    expect(again.result.skipped[0]?.reason).toMatch(/^no epoch was better on the tuning split .* \(accuracy/);
    expect(weightsOf(again.model)).toEqual(weightsOf(model));
  });

  it("is not applicable without data, and to a model in which nothing may move", async () => {
    const none = await finetune(network(), {}, {}, { training: undefined });
    expect(none.result.skipped[0]?.reason).toBe(
      "it needs items with labels to train on, and none were given",
    );
    const names = network().graph.initializer.map(({ name = "" }) => name);
    const frozen = await finetune(network(), { freeze: names });
    expect(frozen.result.skipped[0]?.reason).toContain(
      "There is nothing to train: it has no weights that are not frozen",
    );
  });

  it("says what it was not given", async () => {
    const untuned = await finetune(
      network(),
      { freeze: ["nobody"], batch_size: 500 },
      trainingOf(signs({ tuning: 0 })),
    );
    expect(untuned.result.warnings).toEqual([
      '"freeze" names "nobody", which the model does not have',
      "The batches have all 200 items of the train split: fewer than the 500 asked for",
      expect.stringMatching(/no tuning split/),
    ]);
  });
});

describe("bad input", () => {
  it("stops where the loss is no number, with the step and the layer", async () => {
    const step = finetune(network(), { optimizer: "sgd", learning_rate: 100, momentum: 0.99 });
    await expect(step).rejects.toThrow(/became (NaN|Infinity) at step \d+; the (first )?weight with .* is "/);
  });

  it("names labels that the model does not know", async () => {
    const numbers = trainingOf(signs({ task: "regression" }));
    await expect(finetune(network(), {}, numbers)).rejects.toThrow("The model gives 2 numbers for an item");
    const odd = trainingOf(signs({ label: (a) => (a > 0 ? 7 : 1) }));
    await expect(finetune(network(), {}, odd)).rejects.toThrow(
      /The label of item \d+ \(and of \d+ more\) is not one of the 2/,
    );
  });

  it("refuses a training that does not fit into memory, and says what would", async () => {
    const step = finetune(network(), {}, { availableBytes: 20_000 });
    await expect(step).rejects.toThrow(/20.?.? ?MB|a batch of \d+ would fit/);
  });
});
