import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { crashesWhenLoaded, crashesWhenRun, endlessModel, greedyModel } from "./testing/hostile.ts";
import { bytesOf, denseModel } from "./testing/models.ts";
import { childrenOf, startWorkerProcess, type WorkerProcess } from "./testing/process.ts";

const database = testDatabase();
const foreign = resolve(import.meta.dirname, "../../shared/data");
/** After its last word about a run, a worker tidies up; on a machine that has much to do it waits for its turn. */
const soon = { timeout: 60_000 };
let bench: Bench;
let own: WorkerProcess;

async function worker(limits: { runMemoryMib?: number; runSeconds?: number } = {}): Promise<void> {
  own = await startWorkerProcess({ url: database.url, home: bench.home, slots: 1, ...limits });
}

beforeAll(async () => {
  bench = await openBench(database);
});
afterEach(async () => {
  try {
    await tidied();
  } finally {
    await own.end("SIGKILL");
  }
}, 150_000);
afterAll(() => bench.close());

async function ready(bytes: Uint8Array): Promise<string> {
  const model = await bench.addModel(bytes);
  expect(await bench.checked("model", model), own.said()).toBe("ready");
  return model;
}

/** Runs the model as it is, and nothing else of the experiment. */
async function launchBaseline(model: string): Promise<string> {
  const { runIds } = await bench.launch({ model, dataset: null, recipes: ["prune-magnitude"] });
  const [baseline = "", variant = ""] = runIds;
  await bench.person.api.run.cancel({ org: bench.org.slug, runId: variant });
  return baseline;
}

/**
 * Nothing is left of what the worker did. It tidies up after its last word about a run: killed before that, it would leave a
 * folder that the next test takes for its own.
 */
async function tidied(): Promise<void> {
  await expect.poll(() => childrenOf(own.process.pid ?? 0), soon).toEqual([]);
  await expect.poll(() => readdirSync(join(bench.home, "work")), soon).toEqual([]);
}

/** The run failed for good at its first attempt, its process and files are gone, and the worker is at hand. */
async function expectClean(run: string): Promise<void> {
  expect((await bench.run(run)).attempt).toBe(1);
  expect(await database.db.modelVersion.count({ where: { runId: run } })).toBe(0);
  await tidied();
  expect(own.process.exitCode, own.said()).toBeNull();
}

describe("a run", { timeout: 700_000 }, () => {
  it.skipIf(process.platform !== "linux")(
    "that takes more memory than it may is ended with the reason, and the next one succeeds",
    async () => {
      await worker({ runMemoryMib: 400 });
      // The product takes 576 MiB; what an ordinary run needs fits.
      const run = await launchBaseline(await ready(bytesOf(greedyModel(12_288))));
      expect(await bench.ended(run, 300), own.said()).toBe("failed");
      const { problem } = await bench.run(run);
      expect(problem).toEqual({
        code: "outOfMemory",
        message: expect.stringContaining("400 MiB"),
        remark: { key: "log.outOfMemory", params: { limit: "400 MiB" } },
      });
      await expectClean(run);
      const next = await launchBaseline(await ready(bytesOf(denseModel())));
      expect(await bench.ended(next, 300), own.said()).toBe("succeeded");
    },
  );

  it("that takes longer than it may is ended with the reason, and the worker goes on", async () => {
    await worker({ runSeconds: 8 });
    const run = await launchBaseline(await ready(bytesOf(endlessModel())));
    expect(await bench.ended(run, 300), own.said()).toBe("failed");
    const { startedAt, endedAt } = await database.db.run.findUniqueOrThrow({ where: { id: run } });
    const seconds = ((endedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 1_000;
    expect(seconds).toBeGreaterThan(7.9);
    expect(seconds).toBeLessThan(20);
    const { problem } = await bench.run(run);
    expect(problem).toEqual({
      code: "timeLimit",
      message: expect.stringContaining("after 8 seconds"),
      remark: { key: "log.timeLimit", params: { seconds: 8 } },
    });
    await expectClean(run);
    await ready(bytesOf(denseModel()));
  });
});

/** Other processors give a quotient that does not fit, and no trap. */
describe.skipIf(process.arch !== "x64")("a model that makes ONNX Runtime crash", { timeout: 700_000 }, () => {
  it("when it is loaded is refused at its registration, nothing of it stays, and the worker goes on", async () => {
    await worker();
    const before = await database.db.modelVersion.count();
    const version = await bench.addModel(bytesOf(crashesWhenLoaded()));
    const { sha256 } = await database.db.modelVersion.findUniqueOrThrow({ where: { id: version } });
    expect(await bench.checked("model", version), own.said()).toEqual({
      code: "childCrashed",
      message: expect.stringContaining("crashed in native code (SIGFPE)"),
      remark: { key: "log.crashed", params: { signal: "SIGFPE" } },
    });
    expect(await database.db.modelVersion.count()).toBe(before);
    expect(await database.db.artifact.count({ where: { sha256 } })).toBe(0);
    const file = join(bench.home, "artifacts", sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    await expect.poll(() => existsSync(file), soon).toBe(false);
    await ready(bytesOf(denseModel()));
  });

  it("when it runs fails the run at once, and the worker goes on", async () => {
    await worker();
    const run = await launchBaseline(await ready(bytesOf(crashesWhenRun())));
    expect(await bench.ended(run, 300), own.said()).toBe("failed");
    const { problem } = await bench.run(run);
    expect(problem).toEqual({
      code: "childCrashed",
      message: expect.stringContaining("crashed in native code (SIGFPE)"),
      remark: { key: "log.crashed", params: { signal: "SIGFPE" } },
    });
    await expectClean(run);
    await ready(bytesOf(denseModel()));
  });
});

describe.skipIf(!existsSync(foreign))("a file made by others that is refused", { timeout: 700_000 }, () => {
  it.each([
    ["hostile/lfs-pointer/mnist-8-opset13.onnx", "not-a-model", /Git LFS/],
    ["onnx/odd/test_adam_multiple.onnx", "runtime-refused", /Adam/],
    ["onnx/odd/test_cast_FLOAT_to_FLOAT8E4M3FN.onnx", "runtime-refused", /Unsupported data type/],
    ["onnx/odd/test_if_seq.onnx", "unsupported", /sequence/],
    ["onnx/odd/test_gru_batchwise.onnx", "runtime-refused", /initialization/],
    ["onnx/pytorch-converted/test_GLU/model.onnx", "runtime-refused", /implementation for Mul/],
  ])("%s: the reason is told, and the worker goes on", async (path, code, reason) => {
    await worker();
    const before = await database.db.modelVersion.count();
    const version = await bench.addModel(readFileSync(join(foreign, path)));
    expect(await bench.checked("model", version), own.said()).toMatchObject({
      code,
      message: expect.stringMatching(reason),
    });
    expect(await database.db.modelVersion.count()).toBe(before);
    expect(own.process.exitCode).toBeNull();
    await ready(bytesOf(denseModel()));
  });
});
