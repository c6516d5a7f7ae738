import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aliveWorkers } from "#server/modules/worker/service.ts";
import { testDatabase } from "#server/testing/database.ts";
import { startWorkerProcess } from "./testing/process.ts";

const database = testDatabase();

it("an idle worker is listed, takes little memory, and signs off at its end", async () => {
  const home = mkdtempSync(join(tmpdir(), "parsimony-idle-"));
  const worker = await startWorkerProcess({ url: database.url, home });
  try {
    expect((await aliveWorkers(database.db)).map(({ id }) => id)).toEqual([worker.id]);
    const row = await database.db.worker.findUniqueOrThrow({ where: { id: worker.id } });
    expect(row).toMatchObject({
      pid: worker.process.pid,
      facts: { cores: expect.any(Number), node: process.version },
    });
    const status = readFileSync(`/proc/${worker.process.pid}/status`, "utf8");
    const megabytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
    console.info(`idle worker: ${megabytes.toFixed(0)} MB`);
    expect(megabytes).toBeLessThan(200);
    expect(await worker.end()).toBe(0);
    expect(await aliveWorkers(database.db)).toEqual([]);
  } finally {
    await worker.end("SIGKILL");
    rmSync(home, { recursive: true, force: true });
  }
});
