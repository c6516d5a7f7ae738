import { describe, expect, it } from "vitest";
import type { Model } from "#engine/onnx/model.ts";
import { corpus } from "#engine/testing/hostile/corpus.ts";
import { endurableSteps, endure, timeOnSharedProcessor } from "#engine/testing/hostile/endure.ts";
import { everything } from "#engine/testing/hostile/everything.ts";
import { mutated, mutationKinds, realSeeds, trainableSeeds } from "#engine/testing/hostile/mutated.ts";

/** Models for each kind of mutation; `node bin/launch.mjs fuzz-models` does more. */
const eachKind = 12;
const real = realSeeds();

/** @returns how many of them validation refused */
async function endureMutated(seeds: readonly Model[], kind: string): Promise<number> {
  let refused = 0;
  for (let at = 0; at < eachKind; at++) {
    const number = at * 1009 + mutationKinds.indexOf(kind);
    const { model, done } = mutated(seeds, number, kind);
    const what = `number ${number}, ${done.join(", ")}`;
    const { outcomes, slowest } = await endure(model).catch((error: unknown) => {
      throw new Error(what, { cause: error });
    });
    expect(slowest.milliseconds, `${what}: ${slowest.stage}`).toBeLessThan(timeOnSharedProcessor);
    if (outcomes.validate !== "ok") refused++;
  }
  return refused;
}

describe("models that make no sense", () => {
  it("start from one that does, which every technique takes", async () => {
    const { outcomes } = await endure(everything());
    // It has something to calibrate for and to learn from, which needs execution.
    const refused = ["quantize.static", "train.distill", "train.qat"];
    const other = Object.entries(outcomes).filter(([, outcome]) => outcome !== "ok");
    expect(other).toEqual(refused.map((use) => [use, "runtime-refused"]));
    expect(endurableSteps).toHaveLength(19);
  });

  it.each(mutationKinds)("%s: a result or an EngineError, in time", async (kind) => {
    expect(await endureMutated([everything()], kind)).toBeGreaterThan(0);
  });

  it.each(Object.keys(corpus))("once broke: %s", async (name) => {
    const { slowest } = await endure(corpus[name]?.() ?? everything());
    expect(slowest.milliseconds, slowest.stage).toBeLessThan(timeOnSharedProcessor);
  });
});

describe("networks that can be trained", () => {
  const techniques = endurableSteps.filter((use) => use.startsWith("train."));

  it("start from ones whose gradients are all made, up to the runtime", async () => {
    for (const model of trainableSeeds()) {
      const { outcomes } = await endure(model);
      const reached = techniques.filter((use) => outcomes[use] === "runtime-refused");
      expect(reached.length, JSON.stringify(outcomes)).toBeGreaterThan(3);
    }
  });

  it.each(mutationKinds)("%s: a result or an EngineError, in time", async (kind) => {
    expect(await endureMutated(trainableSeeds(), kind)).toBeGreaterThan(0);
  });
});

describe.skipIf(real.length === 0)("files that others made, after mutations", () => {
  it.each(mutationKinds)("%s: a result or an EngineError, in time", async (kind) => {
    expect(await endureMutated(real, kind)).toBeGreaterThan(0);
  });
});
