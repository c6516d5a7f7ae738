import { describe, expect, it } from "vitest";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { trainingOf } from "#engine/runtime/tools.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { withValues } from "#engine/train/graph/parameters.ts";
import { signs } from "#engine/train/testing/signs.ts";
import { cloneStructure } from "../graph/clone.ts";
import { runStep } from "./index.ts";
import { silent } from "./pass.ts";
import { type StepInput, stepSchema } from "./step.schema.ts";
import { inEnglish } from "./testing/in-english.ts";
import { taylorScores } from "./train-structured/taylor.ts";
import type { Checkpoints, TrainingTools } from "./training/tools.ts";

const network = () => mlp({ input: [2], hidden: [32, 16], outputs: 2 }, 5);
type Options = Omit<Extract<StepInput, { use: "train.structured" }>, "use">;
const usual: Options = {
  epochs: 12,
  rounds: 3,
  ratio: 0.5,
  batch_size: 16,
  learning_rate: 0.01,
  score_batches: 10,
};

async function shrink(options: Options = {}, more: Partial<TrainingTools> = {}, source = network()) {
  const step = stepSchema.parse({ use: "train.structured", ...usual, ...options });
  const model = cloneStructure(source);
  const result = await runStep(model, step, { ...silent, training: { ...trainingOf(signs()), ...more } });
  return { model, result: inEnglish(result) };
}

const shapes = (model: Model) => model.graph.initializer.map(({ dims }) => dims);
const named = (model: Model, part: string) =>
  model.graph.initializer.find(({ name }) => name?.includes(part));

describe("train.structured", () => {
  it("leaves a smaller dense network that is still able", async () => {
    const { model, result } = await shrink();
    const units = shapes(model)
      .filter((dims) => dims.length === 1)
      .map(([size]) => size ?? 0);
    expect((units[0] ?? 0) + (units[1] ?? 0)).toBe(24);
    const [total, ...rounds] = result.changed;
    expect(total?.what).toMatch(/^24 of 48 removable units are gone; parameters 658 → \d+; multiplications/);
    expect(rounds.map(({ what }) => what.replace(/: .*/, ""))).toEqual([
      "round 1 of 3",
      "round 2 of 3",
      "round 3 of 3",
    ]);
    const [, after] = /before, ([\d.]+)% after/.exec(rounds.at(-1)?.what ?? "") ?? [];
    expect(Number(after)).toBeGreaterThan(85);
  });

  it("removes the units that the loss does not miss", async () => {
    // Eight neurons that nothing reads: no gradient, whatever the size of their weights.
    const source = network();
    const second = named(source, "dense2.weight");
    const first = named(source, "dense1.weight");
    if (first === undefined || second === undefined) throw new Error("no weights");
    const silentUnits = Array.from({ length: 8 }, (_, at) => 4 * at + 1);
    const [rows = 0, columns = 0] = second.dims;
    const values = readFloats(second).slice();
    const byRow = rows === 32;
    for (const unit of silentUnits)
      for (let at = 0; at < (byRow ? columns : rows); at++)
        values[byRow ? unit * columns + at : at * columns + unit] = 0;
    const unitOf = (at: number) => (first.dims[0] === 32 ? Math.floor(at / 2) : at % 32);
    const large = readFloats(first).map((value) => value * 3);
    const model = withValues(
      source,
      new Map([
        [second.name ?? "", values],
        [first.name ?? "", large],
      ]),
    );
    const kept = await shrink(
      { ratio: 0.25, scope: "layer", rounds: 1, epochs: 1, learning_rate: 1e-9 },
      {},
      model,
    );
    const left = named(kept.model, "dense1.weight");
    if (left === undefined) throw new Error("no weights");
    expect([...readFloats(left)].map((value) => value.toFixed(4))).toEqual(
      [...large].filter((_, at) => !silentUnits.includes(unitOf(at))).map((value) => value.toFixed(4)),
    );
  });

  it("goes on from the checkpoints of its rounds to the same bits", async () => {
    const kept = new Map<string, Uint8Array[]>();
    const stores =
      (last: (key: string) => Uint8Array | undefined) =>
      (key: string): Checkpoints => ({
        load: async () => last(key),
        save: async (parts) => void kept.set(key, [...(kept.get(key) ?? []), Buffer.concat(parts)]),
      });
    const whole = await shrink({}, { checkpoints: stores(() => undefined) });
    expect([...kept.keys()]).toEqual(["round 1", "round 2", "round 3"]);
    const reached = new Map([
      ["round 1", kept.get("round 1")?.at(-1)],
      ["round 2", kept.get("round 2")?.[1]],
    ]);
    const resumed = await shrink({}, { checkpoints: stores((key) => reached.get(key)) });
    expect(resumed.model.graph.initializer.map((tensor) => readFloats(tensor))).toEqual(
      whole.model.graph.initializer.map((tensor) => readFloats(tensor)),
    );
  });

  it("is not applicable where no round has an epoch, or no unit may go", async () => {
    const few = await shrink({ epochs: 2 });
    expect(few.result.skipped[0]?.reason).toBe("2 epochs do not suffice for 3 rounds: each has at least one");
    const all = network().graph.initializer.map(({ name = "" }) => name);
    const fixed = await shrink({ protect: all });
    expect(fixed.result.changed).toEqual([]);
  });
});

it("scores every weight that is trained, the same each time, and those without influence with nothing", async () => {
  const options = stepSchema.parse({ use: "train.structured", ...usual, batch_size: 100 });
  if (options.use !== "train.structured") throw new Error("another step");
  const tools = trainingOf(signs());
  const source = network();
  const scores = await taylorScores(source, options, 1, tools, 1);
  const all = [...scores.values()].flatMap((values) => [...values]);
  expect(all).toHaveLength(658);
  expect(all.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
  expect(await taylorScores(source, options, 1, tools, 1)).toEqual(scores);
  const zeroed = new Map(
    source.graph.initializer
      .filter(({ name }) => name?.includes("dense2.weight"))
      .map((tensor) => [tensor.name ?? "", new Float32Array(readFloats(tensor).length)]),
  );
  const cutOff = await taylorScores(withValues(source, zeroed), options, 1, tools, 1);
  const sumOf = (name: string) => cutOff.get(name)?.reduce((sum, value) => sum + value, 0);
  expect(sumOf("dense1.weight")).toBe(0);
  expect(scores.get("dense1.weight")?.some((value) => value > 0)).toBe(true);
});
