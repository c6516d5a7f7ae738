import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";
import { enqueue } from "./enqueue.ts";
import { startWorking } from "./work.ts";

const database = testDatabase();

async function jobsOf(runId: string): Promise<number> {
  const found = await database.pool.query("select 1 from pgboss.job where data->>'runId' = $1", [runId]);
  return found.rowCount ?? 0;
}

it("makes a job exist exactly when the transaction commits", async () => {
  const [kept, lost] = [randomUUID(), randomUUID()];
  await database.db.$transaction((tx) => enqueue(tx, "run.execute", { runId: kept }));
  await expect(
    database.db.$transaction(async (tx) => {
      await enqueue(tx, "run.execute", { runId: lost });
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");
  expect(await jobsOf(kept)).toBe(1);
  expect(await jobsOf(lost)).toBe(0);
});

it("refuses a payload that is not an ID", async () => {
  await expect(enqueue(database.db, "run.execute", { runId: "all of them" })).rejects.toThrow(/uuid/i);
});

it("hands jobs to a worker without waiting for a poll, several in a row, and again after a failure", async () => {
  const wanted = [randomUUID(), randomUUID(), randomUUID()];
  const seen: string[] = [];
  const tries: boolean[] = [];
  let done: () => void = () => {};
  const all = new Promise<void>((resolve) => (done = resolve));
  const check = () => {
    if (wanted.every((id) => seen.includes(id)) && tries.length === 3) done();
  };
  const worker = await startWorking(
    database.url,
    {
      "run.execute": async ({ runId }) => {
        seen.push(runId);
        check();
      },
      "model.inspect": async (_payload, { isLastTry }) => {
        tries.push(isLastTry);
        check();
        if (!isLastTry) throw new Error("once more");
      },
      "dataset.ingest": async () => {},
    },
    { "run.execute": 1, "model.inspect": 1, "dataset.ingest": 1 },
  );
  try {
    const before = Date.now();
    for (const runId of wanted) await enqueue(database.db, "run.execute", { runId });
    await enqueue(database.db, "model.inspect", { versionId: randomUUID() });
    await all;
    expect(tries).toEqual([false, false, true]);
    expect(Date.now() - before).toBeLessThan(20_000);
  } finally {
    await worker.stop(2_000);
  }
});
