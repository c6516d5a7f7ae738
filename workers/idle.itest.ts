import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { residentMegabytes } from "#bin/bench/memory.ts";
import { compileWorker } from "#bin/lib/build.ts";
import { aliveWorkers } from "#server/modules/worker/service.ts";
import { testDatabase } from "#server/testing/database.ts";
import { startWorkerProcess } from "./testing/process.ts";

const database = testDatabase();

it("an idle worker is listed, takes little memory, and signs off at its end", async () => {
  // As the build does it.
  compileWorker();
  const home = mkdtempSync(join(tmpdir(), "parsimony-idle-"));
  const worker = await startWorkerProcess({ url: database.url, home });
  try {
    expect((await aliveWorkers(database.db)).map(({ id }) => id)).toEqual([worker.id]);
    const row = await database.db.worker.findUniqueOrThrow({ where: { id: worker.id } });
    expect(row).toMatchObject({
      pid: worker.process.pid,
      facts: { cores: expect.any(Number), node: process.version },
    });
    const megabytes = () => residentMegabytes(worker.process.pid ?? 0);
    // Idle is what it is once the garbage of its start has gone.
    await expect.poll(megabytes, { timeout: 30_000 }).toBeLessThan(200);
    console.info(`idle worker: ${megabytes().toFixed(0)} MB`);
    expect(await worker.end()).toBe(0);
    expect(await aliveWorkers(database.db)).toEqual([]);
  } finally {
    await worker.end("SIGKILL");
    rmSync(home, { recursive: true, force: true });
  }
});
