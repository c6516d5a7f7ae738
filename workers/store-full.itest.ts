import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { useConnection } from "#server/db/client.ts";
import { useArtifactStore } from "#server/storage/current.ts";
import { LocalStore } from "#server/storage/local-store.ts";
import { testDatabase } from "#server/testing/database.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { bytesOf, denseModel } from "./testing/models.ts";
import { type RunningWorker, startWorker } from "./worker.ts";

/** The worker runs in this process, because the fault is injected at its store; its children are processes. */
const database = testDatabase();
/** Of the output there is room for so much: it is written in pieces, and not the first one fails. */
const room = 60_000;
let bench: Bench;
let worker: RunningWorker;
let isFull = false;
/** Bytes of the temporary file when the disk was full. */
const refused: number[] = [];

beforeAll(async () => {
  bench = await openBench(database);
  const beforeWrite = (written: number) => {
    if (!isFull || written < room) return;
    refused.push(written);
    throw Object.assign(new Error("full"), { code: "ENOSPC" });
  };
  useArtifactStore(new LocalStore(join(bench.home, "artifacts"), { beforeWrite }));
  worker = await startWorker({
    url: database.url,
    home: bench.home,
    slots: 1,
    runSeconds: 600,
    checkpointSeconds: 15,
    measureLock: "store-full",
  });
});
afterAll(async () => {
  await worker.stop();
  useConnection(database);
  bench.close();
});

/** Names of everything that the store and the work folder hold, temporary files included. */
function files(): string[] {
  return ["artifacts", "work"].flatMap((folder) =>
    readdirSync(join(bench.home, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name),
  );
}

it("a run whose model finds no space in the store fails with that reason, leaves nothing, and succeeds once there is", {
  timeout: 700_000,
}, async () => {
  const model = await bench.addModel(bytesOf(denseModel(1_024)));
  expect(await bench.checked("model", model)).toBe("ready");
  const { runIds } = await bench.launch({ model, dataset: null, recipes: ["prune-magnitude"] });
  const [baseline = "", run = ""] = runIds;
  await bench.person.api.run.cancel({ org: bench.org.slug, runId: baseline });
  const before = files();
  isFull = true;
  expect(await bench.ended(run, 300)).toBe("failed");
  expect(refused).toHaveLength(1);
  expect(refused[0]).toBeGreaterThanOrEqual(room);
  expect(await bench.run(run)).toMatchObject({
    attempt: 1,
    problem: { code: "storeFull", message: expect.stringContaining("no space left") },
  });
  const log = await database.db.runEvent.findMany({ where: { runId: run } });
  expect(log.some((event) => event.text === "Finished")).toBe(false);
  await expect.poll(files, { timeout: 15_000 }).toEqual(before);
  expect(await database.db.artifact.count()).toBe(1);
  expect(await database.db.modelVersion.count()).toBe(1);

  isFull = false;
  await bench.person.api.run.retry({ org: bench.org.slug, runId: run });
  expect(await bench.ended(run, 300)).toBe("succeeded");
  expect(await database.db.artifact.count()).toBe(2);
  expect(await database.db.modelVersion.count({ where: { runId: run } })).toBe(1);
  await expect.poll(() => files().length, { timeout: 15_000 }).toBe(before.length + 1);
});
