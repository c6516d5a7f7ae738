import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { trainingOf } from "#engine/runtime/tools.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { signs } from "#engine/train/testing/signs.ts";
import { cloneStructure } from "../graph/clone.ts";
import { runStep } from "./index.ts";
import { silent } from "./pass.ts";
import { keptAt } from "./prune-magnitude/select.ts";
import { type StepInput, stepSchema } from "./step.schema.ts";
import { inEnglish } from "./testing/in-english.ts";
import { remask } from "./train-prune/masking.ts";
import { PruningSchedule } from "./train-prune/schedule.ts";
import type { Checkpoints, CurveName, TrainingTools } from "./training/tools.ts";

const network = () => mlp({ input: [2], hidden: [32, 16], outputs: 2 }, 5);
type Options = Omit<Extract<StepInput, { use: "train.prune" }>, "use">;

async function prune(options: Options = {}, more: Partial<TrainingTools> = {}) {
  const usual = { epochs: 20, batch_size: 16, learning_rate: 0.01, every: 10, sparsity: 0.75 };
  const step = stepSchema.parse({ use: "train.prune", ...usual, ...options });
  const model = cloneStructure(network());
  const result = await runStep(model, step, { ...silent, training: { ...trainingOf(signs()), ...more } });
  return { model, result: inEnglish(result) };
}

const matrices = (model: Model) =>
  model.graph.initializer.filter(({ dims }) => dims.length === 2).map((tensor) => readFloats(tensor));
const zerosOf = (values: Float32Array) => values.filter((value) => value === 0).length;

describe("train.prune", () => {
  it("reaches the sparsity exactly, over all weights together, and keeps the network able", async () => {
    const { model, result } = await prune();
    const weights = matrices(model);
    const count = weights.reduce((sum, { length }) => sum + length, 0);
    expect(count).toBe(608);
    expect(weights.reduce((sum, values) => sum + zerosOf(values), 0)).toBe(608 - 152);
    const [, , total] = result.changed;
    expect(total?.what).toBe("456 of 608 prunable weights are zero (sparsity 0.750000)");
    const [, after] = /before, ([\d.]+)% after/.exec(result.changed[1]?.what ?? "") ?? [];
    expect(Number(after)).toBeGreaterThan(85);
    expect(result.warnings).toHaveLength(1);
  });

  it("prunes every tensor to the same share, or to its own", async () => {
    const each = await prune({ scope: "layer", regrow: 0.3 });
    expect(matrices(each.model).map(zerosOf)).toEqual([64, 512, 32].map((count) => count * 0.75));
    const names = network().graph.initializer.map(({ name = "" }) => name);
    const [first = "", second = "", third = ""] = names.filter((name) => name.endsWith("weight"));
    const own = await prune({ layers: { [first]: 0.25, nobody: 1 }, protect: [third], sparsity: 0.5 });
    expect(matrices(own.model).map(zerosOf)).toEqual([16, 256, 0]);
    expect(own.result.warnings).toContain('"layers" names "nobody", which is no weight that is pruned here');
    expect(own.result.skipped).toContainEqual({ name: third, reason: "protected by name" });
    expect(own.result.changed.map(({ name }) => name)).toContain(second);
  });

  it("prunes along the curve and draws it", async () => {
    const zeros: number[][] = [];
    const onPoint = (curve: CurveName, step: number, value: number) => {
      if (curve === "zeros") zeros.push([step, value]);
    };
    await prune({ begin: 0.1, end: 0.6, sparsity: 0.8 }, { onPoint });
    const shares = zeros.map(([, value = 0]) => value);
    expect(zeros[0]?.[0]).toBe(21);
    expect(zeros.at(-1)?.[0]).toBe(120);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    const half = shares[Math.round(shares.length / 2) - 1] ?? 0;
    expect(half).toBeCloseTo(0.8 * (1 - 0.5 ** 3), 1);
    expect(shares.at(-1)).toBeCloseTo(0.8, 2);
  });

  it("goes on from a checkpoint in the middle of pruning to the same bits", async () => {
    const kept: Uint8Array[] = [];
    const store = (last: Uint8Array | undefined): Checkpoints => ({
      load: async () => last,
      save: async (parts) => void kept.push(Buffer.concat(parts)),
    });
    const whole = await prune({ regrow: 0.2 }, { checkpoints: () => store(undefined) });
    const resumed = await prune({ regrow: 0.2 }, { checkpoints: () => store(kept[6]) });
    expect(matrices(resumed.model)).toEqual(matrices(whole.model));
  });

  it("is not applicable where there is nothing to prune", async () => {
    const names = network().graph.initializer.map(({ name = "" }) => name);
    const frozen = await prune({ freeze: names.filter((name) => name.endsWith("weight")) });
    expect(frozen.result.changed).toEqual([]);
    expect(frozen.result.skipped[0]?.reason).toBe("it is frozen, or no part of what can be trained");
  });
});

describe("the schedule", () => {
  it("is the cubic of its source", () => {
    const timing = { begin: 0.2, end: 0.8, every: 7, start_sparsity: 0.5, regrow: 0.3 };
    const schedule = new PruningSchedule(timing, 101);
    const due = Array.from({ length: 101 }, (_, at) => at).filter((at) => schedule.isDue(at));
    expect(due).toEqual([20, 27, 34, 41, 48, 55, 62, 69, 76, 80]);
    expect(schedule.sparsity(20, 0.9)).toBeCloseTo(0.5);
    expect(schedule.sparsity(50, 0.9)).toBeCloseTo(0.9 - 0.4 / 8);
    expect(schedule.sparsity(80, 0.9)).toBeCloseTo(0.9);
    expect(
      [schedule.regrown(20), schedule.regrown(50), schedule.regrown(80)].map((x) => x.toFixed(3)),
    ).toEqual(["0.300", "0.150", "0.000"]);
  });
});

describe("masks", () => {
  const value = fc.float({ noNaN: true, min: -3, max: 3 });
  const part = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 40 });

  it("keep as many as asked for, and none that is smaller than one given up", () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (parts, sparsity) => {
          const group = {
            sparsity,
            parts: parts.map((pairs) => ({
              weights: Float32Array.from(pairs, ([weight]) => weight),
              gradients: Float32Array.from(pairs, ([, gradient]) => gradient),
              mask: new Float32Array(pairs.length),
            })),
          };
          const count = parts.flat().length;
          for (const regrow of [0, 0.5]) {
            remask(group, sparsity, regrow);
            const kept = group.parts.flatMap(({ mask }) => [...mask]).filter((one) => one === 1).length;
            expect(kept).toBe(keptAt(count, sparsity));
            if (regrow > 0) continue;
            const sizes = (wanted: number) =>
              group.parts.flatMap(({ weights, mask }) =>
                [...weights].filter((_, at) => mask[at] === wanted).map(Math.abs),
              );
            expect(Math.min(...sizes(1))).toBeGreaterThanOrEqual(Math.max(0, ...sizes(0)));
          }
        },
      ),
    );
  });

  it("give places to the zeros that the loss would move most", () => {
    const weights = Float32Array.of(5, 4, 0.3, 0.2, 0, 0, 0, 0);
    const gradients = Float32Array.of(9, 9, 0.1, 0.2, 0.1, -0.4, 0.2, 0.3);
    const mask = new Float32Array(8);
    remask({ sparsity: 0.5, parts: [{ weights, gradients, mask }] }, 0.5, 0.5);
    expect([...mask]).toEqual([1, 1, 0, 0, 0, 1, 0, 1]);
  });
});
