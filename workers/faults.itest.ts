import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { bytesOf, denseModel } from "./testing/models.ts";
import { childrenOf, startWorkerProcess, type WorkerProcess } from "./testing/process.ts";
import { waitFor } from "./testing/wait.ts";

const database = testDatabase();
let bench: Bench;
let model: string;
const workers: WorkerProcess[] = [];

async function worker(slots = 1): Promise<WorkerProcess> {
  const started = await startWorkerProcess({ url: database.url, home: bench.home, slots });
  workers.push(started);
  return started;
}

/** The process that executes a run of this worker, once it does. */
async function childOf(own: WorkerProcess, runId: string): Promise<number> {
  await waitFor(
    "the run to make progress",
    async () => {
      const run = await database.db.run.findUniqueOrThrow({ where: { id: runId } });
      return run.state === "running" && run.progress !== null;
    },
    40,
    own.said,
  );
  return waitFor("a child", async () => (await childrenOf(own.process.pid ?? 0))[0]);
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const gone = (pid: number) => waitFor(`process ${pid} to be gone`, async () => !isAlive(pid), 20);

async function events(runId: string) {
  return database.db.runEvent.findMany({ where: { runId }, orderBy: { seq: "asc" } });
}

/** Exactly one result, and a log without gaps or repetition. */
async function expectSound(runId: string): Promise<void> {
  const run = await database.db.run.findUniqueOrThrow({ where: { id: runId } });
  const log = await events(runId);
  expect(log.map((event) => event.seq)).toEqual(Array.from({ length: run.lastSeq }, (_, index) => index + 1));
  const measurements = await database.db.measurement.findMany({ where: { runId } });
  if (run.state === "succeeded") expect(measurements.length).toBeGreaterThan(5);
  for (const one of measurements) expect(one.attempt).toBe(run.attempt);
  const outputs = await database.db.modelVersion.count({ where: { runId } });
  expect(outputs).toBe(run.state === "succeeded" && !run.isBaseline ? 1 : 0);
}

/** One run of a recipe; the baseline is withdrawn, so that it does not stand in the way. */
async function launchOne(): Promise<string> {
  const { runIds } = await bench.launch({ model, dataset: null, recipes: ["prune-magnitude"] });
  const [baseline = "", run = ""] = runIds;
  await bench.person.api.run.cancel({ org: bench.org.slug, runId: baseline });
  return run;
}

beforeAll(async () => {
  bench = await openBench(database);
  const first = await worker();
  model = await bench.addModel(bytesOf(denseModel()));
  expect(await bench.checked("model", model)).toBe("ready");
  await first.end();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((one) => one.end("SIGKILL")));
});
afterAll(() => bench.close());

describe("a child", { timeout: 240_000 }, () => {
  it("that is killed costs an attempt, and the run succeeds in the next", async () => {
    const own = await worker();
    const run = await launchOne();
    process.kill(await childOf(own, run), "SIGKILL");
    expect(await bench.ended(run), own.said()).toBe("succeeded");
    expect((await bench.run(run)).attempt).toBe(2);
    expect((await events(run)).some((event) => /ended from outside \(SIGKILL\)/.test(event.text))).toBe(true);
    await expectSound(run);
  });

  it("that is killed each time fails the run with the reason, and the worker goes on", async () => {
    const own = await worker();
    const run = await launchOne();
    for (let attempt = 1; attempt <= 3; attempt++) {
      await waitFor("the attempt", async () => (await bench.run(run)).attempt === attempt);
      process.kill(await childOf(own, run), "SIGKILL");
      await waitFor("its end", async () => {
        const now = await bench.run(run);
        return now.attempt > attempt || now.state === "failed";
      });
    }
    expect(await bench.run(run)).toMatchObject({
      state: "failed",
      attempt: 3,
      problem: { code: "childKilled" },
    });
    await expectSound(run);
    const next = await launchOne();
    expect(await bench.ended(next), own.said()).toBe("succeeded");
  });

  it.each(["SIGABRT", "SIGSEGV"] as const)(
    "that dies of %s, as native code does, fails the run at once",
    async (signal) => {
      const own = await worker();
      const run = await launchOne();
      process.kill(await childOf(own, run), signal);
      expect(await bench.ended(run)).toBe("failed");
      const { problem, attempt } = await bench.run(run);
      expect(problem).toMatchObject({ code: "childCrashed", message: expect.stringContaining(signal) });
      expect(attempt).toBe(1);
      expect(own.process.exitCode).toBeNull();
    },
  );
});

describe("a person", { timeout: 240_000 }, () => {
  it("cancels a running run, tries it again, and cannot cancel it once it has ended", async () => {
    const own = await worker();
    const run = await launchOne();
    const child = await childOf(own, run);
    const asked = Date.now();
    await bench.person.api.run.cancel({ org: bench.org.slug, runId: run });
    expect(await bench.ended(run, 10)).toBe("cancelled");
    expect(Date.now() - asked).toBeLessThan(9_000);
    await gone(child);
    await expectSound(run);
    await bench.person.api.run.retry({ org: bench.org.slug, runId: run });
    expect(await bench.ended(run), own.said()).toBe("succeeded");
    expect((await bench.run(run)).attempt).toBe(2);
    await expectSound(run);
    await expect(bench.person.api.run.cancel({ org: bench.org.slug, runId: run })).rejects.toThrow(
      "runEnded",
    );
    await expect(bench.person.api.run.retry({ org: bench.org.slug, runId: run })).rejects.toThrow("runEnded");
  });

  it("cancels a queued run without any worker", async () => {
    const run = await launchOne();
    await bench.person.api.run.cancel({ org: bench.org.slug, runId: run });
    expect((await bench.run(run)).state).toBe("cancelled");
    await expectSound(run);
  });
});

describe("a worker", { timeout: 240_000 }, () => {
  it("that is killed takes its child along, and another worker finishes the run within the time promised", async () => {
    const [first, run] = [await worker(), await launchOne()];
    const child = await childOf(first, run);
    const killed = Date.now();
    await first.end("SIGKILL");
    await gone(child);
    const second = await worker();
    await waitFor("the run to be found", async () => (await bench.run(run)).attempt === 2, 45, second.said);
    // 25 seconds of silence, a sweep every 4, and a heartbeat that may have been written just before.
    expect(Date.now() - killed).toBeLessThan(32_000);
    expect(await bench.ended(run), second.said()).toBe("succeeded");
    expect((await bench.run(run)).workerId).toBe(second.id);
    await expectSound(run);
  });

  it("that is asked to end gives its run back, which costs no attempt", async () => {
    const [first, run] = [await worker(), await launchOne()];
    const child = await childOf(first, run);
    expect(await first.end("SIGTERM"), first.said()).toBe(0);
    expect(isAlive(child)).toBe(false);
    const row = await database.db.run.findUniqueOrThrow({ where: { id: run } });
    expect(row).toMatchObject({ state: "queued", attempt: 2, maxAttempts: 4 });
    const second = await worker();
    expect(await bench.ended(run), second.said()).toBe("succeeded");
    await expectSound(run);
  });

  it("ends with its supervisor", async () => {
    const own = await worker();
    const ended = new Promise((resolve) => own.process.once("exit", resolve));
    own.process.disconnect();
    expect(await ended).toBe(0);
  });
});

it("sets a queued run going for which no job stands", { timeout: 240_000 }, async () => {
  const run = await launchOne();
  await database.pool.query("delete from pgboss.job where data->>'runId' = $1", [run]);
  const own = await worker();
  expect(await bench.ended(run), own.said()).toBe("succeeded");
});
