import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noise } from "../autodiff/testing/case.ts";
import { type Lane, TrainingMemory } from "./memory.ts";
import { type OptimizerOptions, optimizerSchema, scheduleSchema } from "./optimizer.schema.ts";
import { lanesOf, update } from "./optimizer.ts";
import { scheduleFactor } from "./schedule.ts";
import { referenceUpdate } from "./testing/reference.ts";

const parameters = [
  { name: "w", dims: [5, 7] },
  { name: "b", dims: [7] },
  { name: "v", dims: [3] },
];
const decays = new Set(["w", "v"]);

function memoryFor(options: OptimizerOptions, further: readonly Lane[] = []): TrainingMemory {
  const memory = new TrainingMemory(parameters, ["weights", "gradients", ...lanesOf(options), ...further]);
  parameters.forEach(({ name }, at) => {
    const view = memory.view("weights", name);
    view.set(Float32Array.from(noise(view.length, at + 1)));
  });
  return memory;
}

const adam = { beta1: 0.8, beta2: 0.95, epsilon: 1e-7 };
const kinds: readonly object[] = [
  { kind: "sgd" },
  { kind: "sgd", momentum: 0.9, weight_decay: 0.01 },
  { kind: "sgd", momentum: 0.9, nesterov: true, clip_norm: 0.5 },
  { kind: "adam" },
  { kind: "adam", ...adam, weight_decay: 0.1 },
  { kind: "adamw", weight_decay: 0.1, clip_norm: 0.5 },
];

describe("updates", () => {
  it.each(kinds)("%j: equal a plain implementation to the bit", (given) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const options = optimizerSchema.parse({ learning_rate: 0.01, ...given });
        const memory = memoryFor(options);
        const twin = parameters.map(({ name }) => {
          const w = memory.view("weights", name).slice();
          return { w, first: new Float32Array(w.length), second: new Float32Array(w.length) };
        });
        for (let step = 0; step < 4; step++) {
          const gradients = parameters.map(({ name }, at) => {
            const view = memory.view("gradients", name);
            view.set(Float32Array.from(noise(view.length, seed + 10 * step + at)));
            return view.slice();
          });
          const norm = Math.sqrt(
            gradients.reduce(
              (sum, values) => sum + values.reduce((part, value) => part + value * value, 0),
              0,
            ),
          );
          const { gradientNorm } = update(
            memory,
            options,
            step,
            0.01,
            { lane: "gradients", factor: 0.5 },
            decays,
          );
          expect(gradientNorm).toBeCloseTo(norm / 2, 10);
          const most = options.clip_norm ?? Number.POSITIVE_INFINITY;
          const scale = 0.5 * Math.min(1, most / gradientNorm);
          parameters.forEach(({ name }, at) => {
            const own = { ...options, weight_decay: decays.has(name) ? options.weight_decay : 0 };
            const state = twin[at];
            const values = gradients[at];
            if (state && values) referenceUpdate(state, values, own, step, 0.01, scale);
            expect(memory.view("weights", name), name).toEqual(state?.w);
          });
        }
      }),
      { numRuns: 20 },
    );
  });

  it("keep masked weights at zero", () => {
    const options = optimizerSchema.parse({ kind: "adam", learning_rate: 0.1 });
    const memory = memoryFor(options, ["mask"]);
    memory.lane("mask").fill(1);
    memory.view("mask", "w").fill(0, 0, 10);
    memory.lane("gradients").fill(1);
    update(memory, options, 0, 0.1, { lane: "gradients", factor: 1 }, new Set());
    const weights = memory.view("weights", "w");
    expect(weights.subarray(0, 10).every((value) => value === 0)).toBe(true);
    expect(weights.subarray(10).every((value) => value !== 0)).toBe(true);
  });

  it("follow Adam's first step by hand: the step size, against the sign", () => {
    const options = optimizerSchema.parse({ kind: "adam", learning_rate: 0.1 });
    const memory = memoryFor(options);
    memory.lane("weights").fill(0);
    memory.view("gradients", "v").set([3, -0.02, 0]);
    update(memory, options, 0, 0.1, { lane: "gradients", factor: 1 }, new Set());
    const [a = 0, b = 0, c] = memory.view("weights", "v");
    expect(a).toBeCloseTo(-0.1, 6);
    expect(b).toBeCloseTo(0.1, 6);
    expect(c).toBe(0);
  });
});

describe("schedules", () => {
  const factors = (options: object, total = 10) => {
    const schedule = scheduleSchema.parse(options);
    return Array.from({ length: total }, (_, step) => scheduleFactor(schedule, step, total));
  };

  it("rise over the warm-up", () => {
    expect(factors({ shape: "constant", warmup_steps: 3 }).slice(0, 5)).toEqual([0.25, 0.5, 0.75, 1, 1]);
  });

  it("fall along a cosine or a line to the last step, and never leave the bounds", () => {
    for (const shape of ["cosine", "linear"]) {
      const values = factors({ shape, warmup_steps: 2, last: 0.1 });
      expect(values[2]).toBe(1);
      expect(values.at(-1)).toBeCloseTo(0.1, 12);
      expect(values.slice(2)).toEqual(values.slice(2).toSorted((a, b) => b - a));
    }
    expect(factors({ shape: "cosine" }, 3)[1]).toBeCloseTo(0.5, 12);
  });

  it("fall in steps", () => {
    expect(
      factors({ shape: "steps", at: [0.5, 0.8], factor: 0.1 }).map((value) => Number(value.toFixed(6))),
    ).toEqual([1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01]);
  });
});
