import { beforeAll, describe, expect, it } from "vitest";
import type { RunLive } from "#contracts/run.ts";
import { organisationScope } from "#server/auth/gate.ts";
import { revokeSessions } from "#server/auth/session.ts";
import { liveHub } from "#server/live/hub.ts";
import { experimentLive } from "#server/modules/experiment/live.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { claimRun, writeBatch } from "../execution/repo.ts";
import { makeExperiment, makeRun, type TestExperiment } from "../testing.ts";
import type { StreamContext } from "./guard.ts";
import { runLive } from "./service.ts";

const database = testDatabase();
const worker = { id: "01900000-0000-7000-8000-000000000002", hostName: "here" };
let org: TestOrganisation;
let experiment: TestExperiment;

beforeAll(async () => {
  org = await organisation(database);
  experiment = await makeExperiment(database, org);
});

async function streamFor(who: Person, signal: AbortSignal): Promise<StreamContext> {
  const scope = await organisationScope(database.db, who.session, org.slug, "run.read");
  return { db: database.db, hub: liveHub(), session: who.session, scope, action: "run.read", signal };
}

/** Reads until `enough`, then ends the stream. */
async function read(
  who: Person,
  runId: string,
  after: number,
  enough: (got: RunLive[]) => boolean,
  meanwhile?: () => Promise<void>,
) {
  const end = new AbortController();
  const got: RunLive[] = [];
  let last = after;
  let begun = false;
  for await (const { seq, message } of runLive(await streamFor(who, end.signal), runId, after)) {
    got.push(message);
    last = seq;
    if (!begun) void meanwhile?.();
    begun = true;
    if (enough(got)) end.abort();
  }
  return { got, last };
}

const batch = (texts: string[], points: number[] = []) => ({
  lines: texts.map((text) => ({ kind: "log", level: "info", text, at: new Date() }) as const),
  progress: { fraction: 0.5, step: "quality", etaSeconds: null },
  points: points.length > 0 ? [{ name: "loss", steps: points, values: points }] : [],
  measurements: [],
  examples: null,
});

const textsOf = (got: RunLive[]) => got.flatMap((message) => message.lines.map((line) => line.text));

describe("a run's stream", () => {
  it("brings lines, progress and new points, and goes on where a reader left off", async () => {
    const member = await person(database, org, "viewer");
    const runId = await makeRun(database, experiment);
    const claim = await claimRun(database.pool, runId, worker);
    if (!claim) throw new Error("not claimed");
    await writeBatch(database.pool, claim, 1, batch(["old"], [1, 2]));
    const write = async () => void (await writeBatch(database.pool, claim, 2, batch(["new"], [3, 4])));
    const first = await read(member, runId, 0, (got) => textsOf(got).includes("new"), write);
    expect(textsOf(first.got)).toEqual(["Attempt 1 starts on here", "old", "new"]);
    expect(first.got.flatMap((message) => message.points.map((point) => point.step))).toEqual([3, 4]);
    expect(first.got.at(-1)).toMatchObject({ state: "running", progress: { fraction: 0.5 } });
    await writeBatch(database.pool, claim, 3, batch(["while away"]));
    const second = await read(member, runId, first.last, (got) => textsOf(got).length > 0);
    expect(textsOf(second.got)).toEqual(["while away"]);
  });

  it("ends at once when the session is revoked", async () => {
    const member = await person(database, org, "viewer");
    const runId = await makeRun(database, experiment);
    const revoke = async () =>
      void (await database.db.$transaction((tx) => revokeSessions(tx, member.userId)));
    await expect(read(member, runId, 0, () => false, revoke)).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  it("ends when the membership has ended, before anything further is sent", { timeout: 30_000 }, async () => {
    const member = await person(database, org, "viewer");
    const runId = await makeRun(database, experiment);
    const claim = await claimRun(database.pool, runId, worker);
    if (!claim) throw new Error("not claimed");
    let base = 1;
    let open = true;
    const leave = async () => {
      await database.db.membership.deleteMany({ where: { userId: member.userId } });
      while (open) {
        await writeBatch(database.pool, claim, base++, batch(["secret"]));
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    };
    const started = Date.now();
    await expect(read(member, runId, 0, () => false, leave)).rejects.toMatchObject({ code: "notFound" });
    open = false;
    expect(Date.now() - started).toBeLessThan(6_000);
  });
});

it("an experiment's stream sends changed rows, and nothing of another experiment", async () => {
  const member = await person(database, org, "viewer");
  const [own, runId] = [experiment.id, await makeRun(database, experiment)];
  const other = await makeRun(database, await makeExperiment(database, org));
  const end = new AbortController();
  const seen = new Map<string, string>();
  let begun = false;
  for await (const message of experimentLive(await streamFor(member, end.signal), own, [])) {
    for (const row of message.runs) seen.set(row.id, row.state);
    if (!begun) {
      expect(message.refresh).toBe(true);
      await claimRun(database.pool, other, worker);
      await claimRun(database.pool, runId, worker);
    }
    begun = true;
    if (seen.get(runId) === "running") end.abort();
  }
  expect(seen.has(other)).toBe(false);
});
