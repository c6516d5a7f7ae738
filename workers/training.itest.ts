import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RecipeInput } from "#engine/recipe.schema.ts";
import { workerScope } from "#server/auth/gate.ts";
import { workOf } from "#server/modules/run/task/service.ts";
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

  it("has its checkpoints swept where nobody will need them any more, and no others", async () => {
    const waiting = await launch([{ ...finetune, epochs: 1 }]);
    await bench.ended(waiting, 120);
    // At work elsewhere, as far as this worker can tell.
    await database.db.run.update({
      where: { id: waiting },
      data: { state: "running", endedAt: null, heartbeatAt: new Date(Date.now() + 3_600_000) },
    });
    const forgotten = "01900000-0000-7000-8000-0000000000aa";
    for (const run of [waiting, forgotten]) {
      mkdirSync(checkpoints(run), { recursive: true });
      writeFileSync(join(checkpoints(run), "1-training.checkpoint"), "x");
    }
    await expect.poll(() => existsSync(checkpoints(forgotten)), { timeout: 20_000 }).toBe(false);
    expect(hasCheckpoint(waiting)).toBe(true);
    await database.db.run.update({ where: { id: waiting }, data: { state: "failed", heartbeatAt: null } });
    await expect.poll(() => existsSync(checkpoints(waiting)), { timeout: 20_000 }).toBe(false);
  });

  it("is given the teacher that it names, and fails where that is gone", async () => {
    const teacher = await bench.addModel(bytesOf(denseModel(16)));
    expect(await bench.checked("model", teacher), own.said()).toBe("ready");
    const run = await launch([{ ...finetune, epochs: 1 }]);
    await bench.person.api.run.cancel({ org: bench.org.slug, runId: run });
    await bench.ended(run, 60);
    await database.db.run.update({ where: { id: run }, data: { teacherVersionId: teacher } });
    const scope = await workerScope(database.db, { runId: run });
    const { sha256 } = await database.db.modelVersion.findUniqueOrThrow({ where: { id: teacher } });
    expect(await workOf(database.db, scope)).toMatchObject({ teacher: { sha256 } });
    await bench.person.api.run.retry({ org: bench.org.slug, runId: run });
    expect(await bench.ended(run, 120), own.said()).toBe("succeeded");

    await database.db.modelVersion.update({ where: { id: teacher }, data: { artifactId: null } });
    const late = await launch([{ ...finetune, epochs: 1 }]);
    await bench.person.api.run.cancel({ org: bench.org.slug, runId: late });
    await bench.ended(late, 60);
    await database.db.run.update({ where: { id: late }, data: { teacherVersionId: teacher } });
    await bench.person.api.run.retry({ org: bench.org.slug, runId: late });
    expect(await bench.ended(late, 120), own.said()).toBe("failed");
    expect((await bench.run(late)).problem).toMatchObject({ remark: { key: "log.teacherGone" } });
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
    // Sooner than a child that does not listen would be killed.
    expect(performance.now() - asked).toBeLessThan(3_000);
    expect(await bench.ended(run, 30)).toBe("cancelled");
    await expect.poll(() => existsSync(checkpoints(run)), { timeout: 20_000 }).toBe(false);
  });
});
