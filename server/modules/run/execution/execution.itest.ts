import { beforeAll, describe, expect, it } from "vitest";
import type { Measured } from "#contracts/measurement.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation } from "#server/testing/people.ts";
import { conclude, giveBack } from "../step/service.ts";
import { sweepRuns } from "../sweep/service.ts";
import { makeExperiment, makeRun } from "../testing.ts";
import type { Batch, Claim } from "./claim.ts";
import { beat, claimRun, writeBatch } from "./repo.ts";

const database = testDatabase();
const worker = { id: "01900000-0000-7000-8000-000000000001", hostName: "here" };
let experiment: Awaited<ReturnType<typeof makeExperiment>>;

const empty: Batch = { lines: [], progress: null, points: [], measurements: [], examples: null };
const line = (text: string) => ({ kind: "log", level: "info", text, at: new Date() }) as const;
const size: Measured = {
  name: "size/file",
  value: 12,
  unit: "B",
  interval: "exact",
  n: 1,
  split: null,
  tier: "metered",
  method: "counted",
  scope: "file",
  conditions: { engineVersion: "1" },
  baselineDelta: {
    value: -3,
    percent: -20,
    interval: { low: -4, high: -2, level: 0.95, method: "m" },
    method: "d",
  },
  qualityKey: null,
  performanceKey: null,
  detail: { note: "kept" },
};

beforeAll(async () => {
  experiment = await makeExperiment(database, await organisation(database));
});

async function claimed(): Promise<Claim> {
  const claim = await claimRun(database.pool, await makeRun(database, experiment), worker);
  if (!claim) throw new Error("not claimed");
  return claim;
}

const row = (claim: Claim) => database.db.run.findUniqueOrThrow({ where: { id: claim.runId } });
const texts = async (claim: Claim) =>
  (await database.db.runEvent.findMany({ where: { runId: claim.runId }, orderBy: { seq: "asc" } })).map(
    (e) => e.text,
  );

describe("a claim", () => {
  it("is given to one of many workers", async () => {
    const runId = await makeRun(database, experiment);
    const claims = await Promise.all(Array.from({ length: 6 }, () => claimRun(database.pool, runId, worker)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it("is found again by its worker when the answer was lost, without a second start, and by no other", async () => {
    const claim = await claimed();
    const other = { id: "01900000-0000-7000-8000-000000000002", hostName: "there" };
    expect(await claimRun(database.pool, claim.runId, other, true)).toBeUndefined();
    expect(await claimRun(database.pool, claim.runId, worker)).toBeUndefined();
    expect(await claimRun(database.pool, claim.runId, worker, true)).toEqual(claim);
    expect(await texts(claim)).toEqual(["Attempt 1 starts on here"]);
    await giveBack(database.db, claim, "given back");
    // What is queued again is taken anew.
    expect(await claimRun(database.pool, claim.runId, worker, true)).toMatchObject({ attempt: 2 });
  });

  it("writes everything once, however often the same write is repeated", async () => {
    const claim = await claimed();
    const batch: Batch = {
      lines: [line("one"), line("two")],
      progress: { fraction: 0.5, step: "quality", etaSeconds: 3 },
      points: [{ name: "loss", steps: [1, 2, 3], values: [3, 1, 2] }],
      measurements: [size],
      examples: {
        split: "test",
        items: Int32Array.of(7, 8),
        labels: Int32Array.of(0, 1),
        predictions: Int32Array.of(0, 0),
      },
    };
    for (let time = 0; time < 3; time++) {
      expect(await writeBatch(database.pool, claim, claim.lastSeq, batch)).toBe("written");
    }
    expect(await texts(claim)).toEqual(["Attempt 1 starts on here", "one", "two"]);
    expect((await row(claim)).lastSeq).toBe(3);
    const [series] = await database.db.metricSeries.findMany({ where: { runId: claim.runId } });
    expect(series).toMatchObject({ lastStep: 3, last: 2, min: 1, max: 3, count: 3 });
    await writeBatch(database.pool, claim, 3, {
      ...empty,
      points: [{ name: "loss", steps: [3, 4], values: [9, 0] }],
    });
    const [later] = await database.db.metricSeries.findMany({ where: { runId: claim.runId } });
    expect(later).toMatchObject({ lastStep: 4, last: 0, min: 0, max: 9, count: 4 });
    const [stored] = await database.db.measurement.findMany({ where: { runId: claim.runId } });
    expect(stored).toMatchObject({
      value: 12,
      intervalKind: "exact",
      deltaLow: -4,
      deltaPercent: -20,
      attempt: 1,
    });
  });

  it("is worth nothing once the attempt has moved on: no row of any table changes", async () => {
    const stale = await claimed();
    expect(await giveBack(database.db, stale, "given back")).toBe("written");
    const fresh = await claimRun(database.pool, stale.runId, worker);
    expect(fresh?.attempt).toBe(2);
    const before = await row(stale);
    const batch: Batch = {
      ...empty,
      lines: [line("late")],
      points: [{ name: "late", steps: [1], values: [1] }],
      measurements: [size],
    };
    for (const base of [stale.lastSeq, before.lastSeq]) {
      expect(await writeBatch(database.pool, stale, base, batch)).toBe("stale");
    }
    const conclusion = { problem: null, report: null, line: line("late") } as const;
    for (const ending of ["succeed", "fail", "stop", "notApply"] as const) {
      expect(
        await conclude(database.db, stale, ending, {
          ...conclusion,
          line: line("late"),
        }),
      ).toBe("stale");
    }
    expect(await giveBack(database.db, stale, "again")).toBe("stale");
    expect(await beat(database.pool, [stale])).toEqual([]);
    expect(await row(stale)).toEqual(before);
    expect(await texts(stale)).not.toContain("late");
    expect(await database.db.measurement.count({ where: { runId: stale.runId } })).toBe(0);
    expect(await database.db.metricPoint.count({ where: { runId: stale.runId } })).toBe(0);
  });

  it("ends the run once, although the end is told twice", async () => {
    const claim = await claimed();
    let also = 0;
    const end = () =>
      conclude(
        database.db,
        claim,
        "succeed",
        { problem: null, report: null, line: line("Finished") },
        async () => {
          also++;
        },
      );
    expect([await end(), await end()]).toEqual(["written", "written"]);
    expect(also).toBe(1);
    expect(await texts(claim)).toEqual(["Attempt 1 starts on here", "Finished"]);
  });

  it("is rolled back with what belongs to its end", async () => {
    const claim = await claimed();
    const failing = conclude(
      database.db,
      claim,
      "succeed",
      { problem: null, report: null, line: line("x") },
      () => Promise.reject(new Error("no space")),
    );
    await expect(failing).rejects.toThrow("no space");
    expect((await row(claim)).state).toBe("running");
  });
});

describe("a sweep", () => {
  const silence = (claim: Claim, seconds: number) =>
    database.pool.query(
      `update "run" set "heartbeatAt" = now() - make_interval(secs => $2) where "id" = $1`,
      [claim.runId, seconds],
    );

  it("finds the silent, spares those that beat, and gives up after the last attempt", async () => {
    const [lost, alive, last, cancelled] = [
      await claimed(),
      await claimed(),
      await claimed(),
      await claimed(),
    ];
    await silence(lost, 26);
    await silence(alive, 20);
    await silence(last, 26);
    await silence(cancelled, 26);
    await database.db.run.update({ where: { id: last.runId }, data: { maxAttempts: 1 } });
    await database.db.run.update({ where: { id: cancelled.runId }, data: { cancelRequestedAt: new Date() } });
    // The server of this test must have been up for longer than the grace that a restart gives.
    let swept: Awaited<ReturnType<typeof sweepRuns>>;
    for (const until = Date.now() + 30_000; !swept?.lost && Date.now() < until; ) {
      await silence(alive, 20);
      swept = await sweepRuns(database.db);
    }
    expect(await row(lost)).toMatchObject({ state: "queued", attempt: 2, workerId: null });
    expect(await row(alive)).toMatchObject({ state: "running", attempt: 1 });
    expect(await row(last)).toMatchObject({ state: "failed", problem: { code: "workerLost" } });
    expect(await row(cancelled)).toMatchObject({ state: "cancelled" });
    const jobs = await database.pool.query(`select 1 from pgboss.job where data->>'runId' = $1`, [
      lost.runId,
    ]);
    expect(jobs.rowCount).toBe(1);
  });

  it("is one worker's at a time", async () => {
    await database.db.$transaction(async (tx) => {
      await tx.$queryRaw`select pg_advisory_xact_lock(hashtext('parsimony.sweep'))::text`;
      expect(await sweepRuns(database.db)).toBeUndefined();
    });
  });
});
