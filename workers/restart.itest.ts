import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort, type RunningPostgres, startPostgres } from "#bin/lib/postgres.ts";
import { type Connection, connect, useConnection } from "#server/db/client.ts";
import { ensureDatabase, migrate } from "#server/db/migrate.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { bytesOf, denseModel } from "./testing/models.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/process.ts";
import { waitFor } from "./testing/wait.ts";

/** A server of this file's own, which it may stop and kill. */
const folder = mkdtempSync(join(tmpdir(), "parsimony-restart-"));
let server: RunningPostgres;
let connection: Connection;
let bench: Bench;
let worker: WorkerProcess;
let port: number;

const start = () => startPostgres({ dataDir: join(folder, "data"), password: "for-tests-only", port });

beforeAll(async () => {
  port = await freePort();
  server = await start();
  const url = server.url("parsimony");
  await ensureDatabase(url);
  await migrate(url);
  connection = connect(url);
  useConnection(connection);
  bench = await openBench({ ...connection, url });
  worker = await startWorkerProcess({ url, home: bench.home, slots: 2 });
});
afterAll(async () => {
  await worker.end("SIGKILL");
  useConnection(undefined);
  await connection.close();
  await server.stop();
  bench.close();
  rmSync(folder, { recursive: true, force: true });
});

async function restart(how: "stop" | "crash"): Promise<void> {
  if (how === "stop") await server.stop();
  else {
    process.kill(server.pid, "SIGKILL");
    await server.ended;
  }
  server = await waitFor("the server to start again", start, 60);
}

it("loses and doubles nothing when the database goes away and comes back under load", {
  timeout: 300_000,
}, async () => {
  const model = await bench.addModel(bytesOf(denseModel()));
  expect(await bench.checked("model", model), worker.said()).toBe("ready");
  const recipes = ["int8-dynamic", "prune-magnitude", "prune-magnitude"];
  const { runIds } = await bench.launch({ model, dataset: null, recipes });
  for (const how of ["stop", "crash", "stop"] as const) {
    await waitFor(
      "a run at work",
      async () => (await connection.db.run.count({ where: { state: "running" } })) > 0,
      60,
      worker.said,
    );
    await restart(how);
  }
  for (const runId of runIds) {
    const state = await waitFor(
      "the end of the run",
      async () => {
        const run = await bench.run(runId);
        return run.state !== "queued" && run.state !== "running" && run.state;
      },
      120,
      worker.said,
    );
    expect(state, `${JSON.stringify(await bench.run(runId))} ${worker.said()}`).toBe("succeeded");
    const log = await connection.db.runEvent.findMany({ where: { runId }, orderBy: { seq: "asc" } });
    const run = await connection.db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(log.map((event) => event.seq)).toEqual(
      Array.from({ length: run.lastSeq }, (_, index) => index + 1),
    );
    expect(log.filter((event) => event.text === "Finished")).toHaveLength(1);
    expect(await connection.db.modelVersion.count({ where: { runId } })).toBe(run.isBaseline ? 0 : 1);
    expect(await connection.db.measurement.count({ where: { runId, attempt: { not: run.attempt } } })).toBe(
      0,
    );
  }
  expect(worker.process.exitCode, worker.said()).toBeNull();
});
