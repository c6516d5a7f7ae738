import type { Problem, RunReport, RunState } from "#contracts/run.ts";
import { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "#server/db/client.ts";
import type { SaidLine } from "#server/lib/log-line.ts";
import { storable } from "#server/lib/storable.ts";
import { type Transition, transitions } from "../state.ts";

export interface StepTarget {
  readonly runId: string;
  /** The attempt that takes the step; left out where a person does. */
  readonly attempt?: number;
}

export interface StepChange {
  /** Whether the next try is a new attempt, and how many more than before are allowed. */
  readonly newAttempt?: boolean;
  readonly moreAttempts?: number;
  readonly problem?: Problem | null;
  readonly report?: RunReport | null;
  readonly line: SaidLine;
}

export interface SteppedRun {
  readonly id: string;
  readonly attempt: number;
  readonly experimentId: string;
  readonly projectId: string;
  readonly organisationId: string;
  readonly isBaseline: boolean;
}

const json = (value: object | null) => (value === null ? Prisma.DbNull : (value as Prisma.InputJsonObject));

/** Takes one step of the run's life and logs it; undefined where the run is not in a state that allows it. */
export async function takeStep(
  tx: Tx,
  target: StepTarget,
  transition: Transition,
  change: StepChange,
): Promise<SteppedRun | undefined> {
  const { from, to } = transitions[transition];
  const ends = to !== "queued" && to !== "running";
  const [row] = await tx.run.updateManyAndReturn({
    where: {
      id: target.runId,
      ...(target.attempt !== undefined && { attempt: target.attempt }),
      state: { in: [...from] },
    },
    data: {
      state: to,
      lastSeq: { increment: 1 },
      attempt: { increment: change.newAttempt ? 1 : 0 },
      maxAttempts: { increment: change.moreAttempts ?? 0 },
      ...(change.problem !== undefined && { problem: json(change.problem) }),
      ...(change.report !== undefined && { report: json(change.report) }),
      ...(ends
        ? { endedAt: new Date(), heartbeatAt: null }
        : {
            endedAt: null,
            startedAt: null,
            workerId: null,
            heartbeatAt: null,
            cancelRequestedAt: null,
            progress: Prisma.DbNull,
          }),
    },
    select: {
      id: true,
      attempt: true,
      lastSeq: true,
      experimentId: true,
      projectId: true,
      organisationId: true,
      isBaseline: true,
    },
  });
  if (!row) return undefined;
  const { lastSeq, ...run } = row;
  const { remark } = change.line;
  await tx.runEvent.create({
    data: {
      runId: run.id,
      seq: lastSeq,
      attempt: run.attempt,
      kind: "state",
      level: change.line.level,
      text: change.line.text,
      data: { state: to, attempt: run.attempt, ...(remark && storable({ remark })) },
    },
    select: { seq: true },
  });
  return run;
}

/** Where the run stands, for an attempt that wants to know whether its last word was heard. */
export function standing(tx: Tx, runId: string): Promise<{ state: RunState; attempt: number } | null> {
  return tx.run.findUnique({ where: { id: runId }, select: { state: true, attempt: true } });
}

/** Runs whose worker fell silent. Locked, so that no two sweepers take the same. */
export function lockLost(tx: Tx, silentSeconds: number, graceSeconds: number) {
  // After a restart of the database nobody could have written a heartbeat: workers get time to do so.
  return tx.$queryRaw<
    { id: string; attempt: number; maxAttempts: number; cancelRequested: boolean; worker: string | null }[]
  >`
    select r."id", r."attempt", r."maxAttempts", r."cancelRequestedAt" is not null as "cancelRequested", w."hostName" as "worker"
    from "run" r left join "worker" w on w."id" = r."workerId"
    where r."state" = 'running' and r."heartbeatAt" < now() - make_interval(secs => ${silentSeconds})
      and pg_postmaster_start_time() < now() - make_interval(secs => ${graceSeconds})
    order by r."heartbeatAt" limit 100 for update of r skip locked`;
}

/** Queued runs for which no job waits, and none was taken just now. */
export function lockForgotten(tx: Tx, takenSeconds: number) {
  return tx.$queryRaw<{ id: string; isBaseline: boolean }[]>`
    select r."id", r."isBaseline" from "run" r
    where r."state" = 'queued' and not exists (
      select 1 from "pgboss"."job" j
      where j."name" = 'run.execute' and j."singleton_key" = r."id"::text
        and (j."state" in ('created', 'retry') or (j."state" = 'active' and j."started_on" > now() - make_interval(secs => ${takenSeconds}))))
    order by r."createdAt" limit 500 for update of r skip locked`;
}

/** True for the one sweeper of all workers that may work now; the lock ends with the transaction. */
export async function isOnlySweeper(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<
    { taken: boolean }[]
  >`select pg_try_advisory_xact_lock(hashtext('parsimony.sweep')) as "taken"`;
  return row?.taken ?? false;
}

export async function requestCancel(tx: Tx, runId: string): Promise<boolean> {
  const done = await tx.run.updateMany({
    where: { id: runId, state: "running", cancelRequestedAt: null },
    data: { cancelRequestedAt: new Date() },
  });
  return done.count === 1;
}

export async function openAmong(tx: Tx, runIds: readonly string[]): Promise<string[]> {
  const found = await tx.run.findMany({
    where: { id: { in: [...runIds] }, state: { in: ["queued", "running"] } },
    select: { id: true },
  });
  return found.map(({ id }) => id);
}
