import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort, type RunningPostgres, startPostgres } from "#bin/lib/postgres.ts";
import { type Connection, connect, useConnection } from "#server/db/client.ts";
import { ensureDatabase, migrate } from "#server/db/migrate.ts";
import { untilAnswered } from "./away.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { bytesOf, denseModel } from "./testing/models.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/process.ts";
import { waitFor } from "./testing/wait.ts";

const outages = 20;
/** Runs that wait or are at work at any time, so that each outage finds slots taken and a queue behind them. */
const load = 5;

/** A server of this file's own, which it may stop and kill. */
const folder = mkdtempSync(join(tmpdir(), "parsimony-restart-"));
let server: RunningPostgres;
let connection: Connection;
let bench: Bench;
const workers: WorkerProcess[] = [];
let port: number;

const start = () => startPostgres({ dataDir: join(folder, "data"), password: "for-tests-only", port });
const said = () => workers.map((worker) => worker.said()).join("\n");

beforeAll(async () => {
  port = await freePort();
  server = await start();
  const url = server.url("parsimony");
  await ensureDatabase(url);
  await migrate(url);
  connection = connect(url);
  useConnection(connection);
  bench = await openBench({ ...connection, url });
  for (const slots of [2, 1]) workers.push(await startWorkerProcess({ url, home: bench.home, slots }));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.end("SIGKILL")));
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

const runs = () => untilAnswered(() => connection.db.run.findMany({ orderBy: { id: "asc" } }));
type Row = Awaited<ReturnType<typeof runs>>[number];
const isOpen = (run: Row) => run.state === "queued" || run.state === "running";

/** Moments at which the database goes away, each of another kind of write: something new since the last outage. */
const moments: Record<string, (before: Row[], now: Row[]) => boolean> = {
  "a run is taken": (before, now) => {
    const waited = new Set(before.filter((run) => run.state === "queued").map((run) => run.id));
    return now.some((run) => waited.has(run.id) && run.state !== "queued");
  },
  "a run says something": (before, now) => {
    const heard = new Map(before.map((run) => [run.id, run.lastSeq]));
    return now.some((run) => run.state === "running" && run.lastSeq > (heard.get(run.id) ?? 0));
  },
  "a run ends": (before, now) => before.filter(isOpen).length > now.filter(isOpen).length,
  "a run makes progress": (before, now) => {
    const at = new Map(before.map((run) => [run.id, JSON.stringify(run.progress)]));
    return now.some(
      (run) => run.state === "running" && run.progress && JSON.stringify(run.progress) !== at.get(run.id),
    );
  },
};

it(`loses and doubles nothing when the database goes away and comes back ${outages} times under load`, {
  timeout: 900_000,
}, async () => {
  const model = await bench.addModel(bytesOf(denseModel()));
  expect(await bench.checked("model", model), said()).toBe("ready");
  const launched: string[] = [];
  for (let outage = 0; outage < outages; outage++) {
    while ((await runs()).filter(isOpen).length < load) {
      const { runIds } = await untilAnswered(() =>
        bench.launch({ model, dataset: null, recipes: ["int8-dynamic", "prune-magnitude"] }),
      );
      launched.push(...runIds);
    }
    const [what, has] = Object.entries(moments)[outage % 4] ?? [];
    const before = await runs();
    await waitFor(`the moment that ${what}`, async () => has?.(before, await runs()), 180, said);
    await restart(outage % 3 === 1 ? "stop" : "crash");
  }
  const ended = await waitFor(
    "the end of all runs",
    async () => {
      const all = await runs();
      return all.some(isOpen) ? undefined : all;
    },
    400,
    said,
  );
  expect(ended.map((run) => run.id).sort()).toEqual([...launched].sort());
  for (const run of ended) await expectSound(run);
  for (const worker of workers) expect(worker.process.exitCode, said()).toBeNull();
});

/** One result, of the first attempt: an outage is no fault of a run, so it costs none. */
async function expectSound(run: Row): Promise<void> {
  const where = { runId: run.id };
  const log = await connection.db.runEvent.findMany({ where, orderBy: { seq: "asc" } });
  const about = `${JSON.stringify(run)}\n${log.map((event) => event.text).join("\n")}\n${said()}`;
  expect(run, about).toMatchObject({ state: "succeeded", attempt: 1 });
  expect(log.map((event) => event.seq)).toEqual(Array.from({ length: run.lastSeq }, (_, index) => index + 1));
  expect(log.filter((event) => event.text === "Finished")).toHaveLength(1);
  expect(log.filter((event) => /^Attempt \d+ starts/.test(event.text))).toHaveLength(1);
  expect(await connection.db.modelVersion.count({ where })).toBe(run.isBaseline ? 0 : 1);
  const measured = await connection.db.measurement.findMany({ where });
  expect(measured.length).toBeGreaterThan(5);
  for (const one of measured) expect(one.attempt).toBe(run.attempt);
}
