import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { decodeModel } from "#engine/onnx/decode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { cloneStructure } from "#engine/passes/clone.ts";
import { endurableSteps, endure, timeAllowed } from "#engine/testing/hostile/endure.ts";
import { everything } from "#engine/testing/hostile/everything.ts";
import { large } from "#engine/testing/hostile/large.ts";
import { type Choose, mutations } from "#engine/testing/hostile/mutations.ts";
import { bytesOf, realModels } from "#engine/testing/models.ts";

const seeds: Model[] = [
  everything(),
  ...realModels("data/onnx/odd", "data/onnx/pytorch-converted", "data/onnx/gonnx", "data/onnx/odd-exporters")
    .map(({ path }) => bytesOf(path))
    .filter((bytes) => bytes.length < 6_000)
    .map((bytes) => decodeModel(bytes)),
];
const kinds = Object.keys(mutations);
/** Bytes that a process may grow by: the files have at most a few megabytes. */
const memoryAllowed = 2 ** 30;

function chooser(seed: number): Choose {
  const generator = xoroshiro128plus(seed);
  return (limit) => (generator.next() >>> 0) % limit;
}

/** A model that depends on the number alone, and what was done to it. */
function mutated(number: number, forced?: string): { model: Model; done: string[] } {
  const choose = chooser(number);
  // Half of them start from the model that has everything.
  const seed = seeds[choose(2) === 0 ? 0 : choose(seeds.length)] ?? everything();
  const model = cloneStructure(seed);
  const done = forced === undefined ? [] : [forced];
  for (let count = choose(3); count >= 0; count--) done.push(kinds[choose(kinds.length)] ?? "");
  for (const kind of done) mutations[kind]?.(model, choose);
  return { model, done };
}

describe("models that make no sense", () => {
  it("start from models that do", async () => {
    const { outcomes } = await endure(everything());
    expect(Object.values(outcomes).every((outcome) => outcome === "ok")).toBe(true);
    expect(endurableSteps.length).toBeGreaterThan(0);
  });

  it.each(kinds)("%s: a result or an EngineError, in time", { timeout: 30_000 }, async (kind) => {
    let refused = 0;
    for (let number = 0; number < 25; number++) {
      const { model, done } = mutated(number * 1009 + kinds.indexOf(kind), kind);
      const { outcomes, slowest } = await endure(model).catch((error: unknown) => {
        throw new Error(`number ${number}, ${done.join(", ")}`, { cause: error });
      });
      expect(slowest.milliseconds, `number ${number}, ${done.join(", ")}: ${slowest.stage}`).toBeLessThan(
        timeAllowed,
      );
      if (outcomes.validate !== "ok") refused++;
    }
    expect(refused).toBeGreaterThan(0);
  });
});

describe("small files that ask for much", () => {
  it.each(Object.keys(large))(
    "%s: a result or an EngineError, in time and memory",
    { timeout: 60_000 },
    async (kind) => {
      const model = large[kind]?.() ?? everything();
      const before = process.memoryUsage.rss();
      const { slowest } = await endure(model);
      expect(slowest.milliseconds, slowest.stage).toBeLessThan(timeAllowed);
      expect(process.memoryUsage.rss() - before).toBeLessThan(memoryAllowed);
    },
  );
});
