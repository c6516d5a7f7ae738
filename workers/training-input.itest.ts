import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RecipeInput } from "#engine/recipe.schema.ts";
import chinese from "#messages/zh/remark.json" with { type: "json" };
import { testDatabase } from "#server/testing/database.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { bytesOf, csvRows, denseModel } from "./testing/models.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/process.ts";

const database = testDatabase();
let bench: Bench;
let own: WorkerProcess;
let model: string;
const splits = { file: "points.csv", seed: 1, tuning: 0.2, test: 0.2 };

beforeAll(async () => {
  bench = await openBench(database);
  own = await startWorkerProcess({ url: database.url, home: bench.home, slots: 1, runMemoryMib: 600 });
  model = await ready("model", await bench.addModel(bytesOf(denseModel())));
}, 120_000);
afterAll(async () => {
  await own.end("SIGKILL");
  bench.close();
});

async function ready(kind: "model" | "dataset", id: string): Promise<string> {
  expect(await bench.checked(kind, id), own.said()).toBe("ready");
  return id;
}

async function points(rows = csvRows(1_000), about: object = splits): Promise<string> {
  return ready("dataset", await bench.addDataset({ rows, manifest: { splits: about } }));
}

type Finetune = Partial<Extract<NonNullable<RecipeInput["steps"]>[number], { use: "train.finetune" }>>;

/** The end of a run of one training; its problem has a sentence in Chinese, too. */
async function endOf(options: Finetune, about: { model?: string; dataset: string }) {
  const recipe = { name: "training", steps: [{ use: "train.finetune" as const, epochs: 3, ...options }] };
  const { runIds } = await bench.launch({ model, ...about, recipes: [recipe] });
  const [baseline = "", run = ""] = runIds;
  await bench.person.api.run.cancel({ org: bench.org.slug, runId: baseline });
  const state = await bench.ended(run, 300);
  const { problem, attempt } = await bench.run(run);
  expect(attempt).toBe(1);
  const [group = "", name = ""] = (problem?.remark?.key ?? "").split(".");
  expect(chinese, JSON.stringify(problem)).toHaveProperty([group, name]);
  return { state, code: problem?.code, message: problem?.message };
}

describe("a training that cannot be", { timeout: 400_000 }, () => {
  it("fails where a label is none of the model's classes, with the first such item", async () => {
    const rows = csvRows(1_000).split("\n");
    const dataset = await points(
      rows.map((row, at) => (at % 50 === 49 ? row.replace(/\d$/, "9") : row)).join("\n"),
    );
    expect(await endOf({}, { dataset })).toEqual({
      state: "failed",
      code: "data-mismatch",
      message: expect.stringMatching(
        /^The label of item \d+ \(and of \d+ more\) is not one of the 4 classes/,
      ),
    });
  });

  it("fails where the loss is no number any more, with step and layer", async () => {
    const rows = csvRows(1_000).split("\n");
    // Once through the first layer, it is more than a number can be.
    const huge = rows.map((row, at) => (at % 50 === 49 ? row.replace(/^[^,]*/, "3e38") : row)).join("\n");
    expect(await endOf({}, { dataset: await points(huge) })).toEqual({
      state: "failed",
      code: "training-failed",
      message: expect.stringMatching(/became \S+ at step \d+; the .*weight with .* gradient is "w1"/),
    });
  });

  it("fails before it starts where the memory of a run does not suffice, with what would fit", async () => {
    const large = await ready("model", await bench.addModel(bytesOf(denseModel(32_768))));
    expect(await endOf({ batch_size: 600 }, { model: large, dataset: await points() })).toEqual({
      state: "failed",
      code: "limit-exceeded",
      message: expect.stringMatching(
        /for a batch of 600, and \d+ MB are available; a batch of \d+ would fit$/,
      ),
    });
  });

  it("does not apply where everything is frozen", async () => {
    expect(await endOf({ freeze: ["w1", "b1", "w2"] }, { dataset: await points() })).toEqual({
      state: "not_applicable",
      code: "notApplicable",
      message: expect.stringContaining("it has no weights that are not frozen"),
    });
  });

  it("fails where no item is there to train on", async () => {
    expect(await endOf({}, { dataset: await points(csvRows(200), { test: "points.csv" }) })).toEqual({
      state: "failed",
      code: "data-mismatch",
      message: 'The dataset "points" has no items in its train split, and a training needs them',
    });
  });
});
