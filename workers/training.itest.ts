import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RecipeInput } from "#engine/recipe.schema.ts";
import { testDatabase } from "#server/testing/database.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { bytesOf, csvRows, denseModel } from "./testing/models.ts";
import { childrenOf, startWorkerProcess, type WorkerProcess } from "./testing/process.ts";
import { waitFor } from "./testing/wait.ts";

const database = testDatabase();
let bench: Bench;
let own: WorkerProcess;
let model: string;
let dataset: string;

async function startWorker(): Promise<void> {
  own = await startWorkerProcess({ url: database.url, home: bench.home, slots: 1, checkpointSeconds: 0.3 });
}

const splits = { file: "points.csv", seed: 1, tuning: 0.2, test: 0.2 };

beforeAll(async () => {
  bench = await openBench(database);
  await startWorker();
  model = await bench.addModel(bytesOf(denseModel(256)));
  dataset = await bench.addDataset({ rows: csvRows(3_000), manifest: { splits } });
  expect(await bench.checked("model", model), own.said()).toBe("ready");
  expect(await bench.checked("dataset", dataset), own.said()).toBe("ready");
}, 120_000);
afterEach(async () => {
  if (own.process.exitCode !== null || own.process.signalCode !== null) await startWorker();
});
afterAll(async () => {
  await own.end("SIGKILL");
  bench.close();
});

/** Launches one recipe, without the baseline, which these tests do not need. */
async function launch(steps: RecipeInput["steps"], about: { model?: string; dataset?: string } = {}) {
  const recipe = { name: "training", seed: 3, steps };
  const { runIds } = await bench.launch({ model, dataset, ...about, recipes: [recipe] });
  const [baseline = "", run = ""] = runIds;
  await bench.person.api.run.cancel({ org: bench.org.slug, runId: baseline });
  return run;
}

const finetune = { use: "train.finetune", batch_size: 16, learning_rate: 0.002 } as const;
const checkpoints = (run: string) => join(bench.home, "checkpoints", run);
const hasCheckpoint = (run: string) =>
  existsSync(checkpoints(run)) && readdirSync(checkpoints(run)).some((name) => name.endsWith(".checkpoint"));

async function logOf(runId: string): Promise<string[]> {
  const lines = await database.db.runEvent.findMany({ where: { runId }, orderBy: { seq: "asc" } });
  return lines.map(({ text }) => text);
}

const pointsOf = (runId: string, name: string) =>
  database.db.metricPoint.findMany({
    where: { runId, name },
    orderBy: { step: "asc" },
    select: { step: true, value: true },
  });

async function outputOf(runId: string): Promise<string> {
  const { sha256 } = await database.db.modelVersion.findUniqueOrThrow({ where: { runId } });
  return sha256;
}

describe("a run that trains", { timeout: 600_000 }, () => {
  it("goes on in a new worker where it was when its worker was killed, and ends with the same bytes", async () => {
    const steps: RecipeInput["steps"] = [
      { use: "prune.magnitude", sparsity: 0.5 },
      { ...finetune, epochs: 60 },
      { ...finetune, epochs: 2, learning_rate: 0.0001 },
    ];
    const undisturbed = await launch(steps);
    expect(await bench.ended(undisturbed, 300), own.said()).toBe("succeeded");

    const run = await launch(steps);
    await waitFor("a checkpoint", async () => hasCheckpoint(run), 120, own.said);
    await own.end("SIGKILL");
    expect((await bench.run(run)).state).toBe("running");
    await startWorker();
    // What the silence of half a minute would do.
    await database.db.run.update({
      where: { id: run },
      data: { heartbeatAt: new Date(Date.now() - 3_600_000) },
    });
    expect(await bench.ended(run, 300), own.said()).toBe("succeeded");

    const log = await logOf(run);
    expect(log.filter((line) => /^Attempt \d+ starts/.test(line))).toHaveLength(2);
    expect(log.find((line) => line.includes("goes on from a checkpoint"))).toMatch(
      /^train\.finetune: goes on from a checkpoint, [\d,]+ of 6,720 batches are done$/,
    );
    expect(await outputOf(run)).toBe(await outputOf(undisturbed));
    for (const curve of ["2: loss", "2: tuning accuracy", "3: loss", "2: learning rate"]) {
      const points = await pointsOf(run, `train.finetune ${curve}`);
      expect(points).toEqual(await pointsOf(undisturbed, `train.finetune ${curve}`));
      expect(points.length).toBeGreaterThan(1);
      expect(points.length).toBeLessThanOrEqual(1_001);
    }
    const epochs = (lines: string[]) => lines.filter((line) => /epoch 60 of 60, loss .*accuracy/.test(line));
    expect(epochs(log)).toEqual(epochs(await logOf(undisturbed)));
    expect(epochs(log)).toHaveLength(1);
    await expect.poll(() => readdirSync(join(bench.home, "checkpoints")), { timeout: 20_000 }).toEqual([]);
  });

  it("stops at once when it is cancelled, and leaves nothing", async () => {
    const run = await launch([{ ...finetune, epochs: 10_000 }]);
    await waitFor("a checkpoint", async () => hasCheckpoint(run), 120, own.said);
    const progress = (await database.db.run.findUniqueOrThrow({ where: { id: run } })).progress;
    expect(progress).toMatchObject({ step: "train" });
    const asked = performance.now();
    await bench.person.api.run.cancel({ org: bench.org.slug, runId: run });
    await waitFor(
      "the end of the training",
      async () => (await childrenOf(own.process.pid ?? 0)).length === 0,
      20,
    );
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(await bench.ended(run, 30)).toBe("cancelled");
    await expect.poll(() => existsSync(checkpoints(run)), { timeout: 20_000 }).toBe(false);
  });
});
