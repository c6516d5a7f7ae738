import type pg from "pg";
import { liveChannel } from "#contracts/live.ts";
import { logLine, sayOfRun } from "#server/lib/log-line.ts";
import { transitions } from "../state.ts";
import type { Batch, Claim, LogLine, WriteOutcome } from "./claim.ts";
import { writeEvents, writeExamples, writeMeasurements, writePoints } from "./rows.ts";

/**
 * What workers write. Plain SQL on the pool: these are bulk writes on the way from a child to the browser, each one
 * transaction behind one guard, the row of the run with this attempt in state running.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool stops listening to a client that it hands out; a connection lost between two statements would be an
  // error that nobody hears, which ends the process.
  const onLost = (error: Error) => {
    broken = error;
  };
  client.on("error", onLost);
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    client.off("error", onLost);
    // A connection that failed may hang half open; the pool makes another one.
    client.release(broken);
  }
}

async function notifyRun(client: pg.PoolClient, claim: Omit<Claim, "lastSeq" | "isBaseline">): Promise<void> {
  const { runId, experimentId, projectId } = claim;
  const event = { kind: "run", runId, experimentId, projectId };
  await client.query("select pg_notify($1, $2)", [liveChannel, JSON.stringify(event)]);
}

interface ClaimedRow {
  attempt: number;
  experimentId: string;
  projectId: string;
  organisationId: string;
  isBaseline: boolean;
  lastSeq: number;
}

const claimColumns = `"attempt", "experimentId", "projectId", "organisationId", "isBaseline", "lastSeq"`;

/**
 * Takes a queued run; undefined where it is not queued (any more). What an earlier attempt measured is removed.
 *
 * @param repeated the answer to a try before this one was lost with the connection: that try may have taken the run,
 * and the worker holds it without knowing
 */
export function claimRun(
  pool: pg.Pool,
  runId: string,
  worker: { id: string; hostName: string },
  repeated = false,
): Promise<Claim | undefined> {
  return inTransaction(pool, async (client) => {
    const taken = await client.query<ClaimedRow>(
      `update "run" set "state" = $3::"RunState", "workerId" = $2, "heartbeatAt" = now(), "startedAt" = now(),
         "endedAt" = null, "progress" = null, "report" = null, "problem" = null, "cancelRequestedAt" = null,
         "lastSeq" = "lastSeq" + 1
       where "id" = $1 and "state"::text = any($4)
       returning ${claimColumns}`,
      [runId, worker.id, transitions.claim.to, transitions.claim.from],
    );
    const row = taken.rows[0];
    if (!row) return repeated ? heldClaim(client, runId, worker.id) : undefined;
    for (const table of ["measurement", "metric_point", "metric_series", "run_examples"]) {
      await client.query(`delete from "${table}" where "runId" = $1`, [runId]);
    }
    const begins = logLine("info", sayOfRun("log.attempt", { attempt: row.attempt, host: worker.hostName }));
    const line: LogLine = {
      kind: "state",
      level: "info",
      text: begins.text,
      data: { state: "running", attempt: row.attempt, host: worker.hostName, remark: begins.remark },
      at: new Date(),
    };
    const claim = { ...row, runId };
    await writeEvents(client, claim, row.lastSeq - 1, [line]);
    await notifyRun(client, claim);
    return claim;
  });
}

async function heldClaim(client: pg.PoolClient, runId: string, workerId: string): Promise<Claim | undefined> {
  const held = await client.query<ClaimedRow>(
    `select ${claimColumns} from "run" where "id" = $1 and "workerId" = $2 and "state"::text = $3`,
    [runId, workerId, transitions.claim.to],
  );
  return held.rows[0] && { ...held.rows[0], runId };
}

/**
 * Writes what a child has said. `base` is the sequence number of the last event known to be written: a write whose
 * answer was lost with the connection can be repeated, and is recognised instead of doubling the log.
 */
export function writeBatch(pool: pg.Pool, claim: Claim, base: number, batch: Batch): Promise<WriteOutcome> {
  return inTransaction(pool, async (client) => {
    const { runId, attempt } = claim;
    const lines = batch.lines.length;
    const guard = await client.query(
      `update "run" set "lastSeq" = "lastSeq" + $4, "progress" = coalesce($5::jsonb, "progress"), "heartbeatAt" = now()
       where "id" = $1 and "attempt" = $2 and "state" = 'running' and "lastSeq" = $3`,
      [runId, attempt, base, lines, batch.progress && JSON.stringify(batch.progress)],
    );
    if (guard.rowCount === 0)
      return lines > 0 && (await isWritten(client, claim, base + lines)) ? "written" : "stale";
    await writeEvents(client, claim, base, batch.lines);
    for (const points of batch.points) await writePoints(client, claim, points);
    await writeMeasurements(client, claim, batch.measurements);
    if (batch.examples) await writeExamples(client, claim, batch.examples);
    await notifyRun(client, claim);
    return "written";
  });
}

async function isWritten(client: pg.PoolClient, claim: Claim, lastSeq: number): Promise<boolean> {
  const found = await client.query(
    `select 1 from "run" where "id" = $1 and "attempt" = $2 and "state" = 'running' and "lastSeq" = $3`,
    [claim.runId, claim.attempt, lastSeq],
  );
  return found.rowCount === 1;
}

export interface Beat {
  readonly runId: string;
  readonly attempt: number;
  readonly cancelRequested: boolean;
}

/** Says that these claims are alive, and returns those that still hold. */
export async function beat(pool: pg.Pool, claims: readonly Claim[]): Promise<Beat[]> {
  const held = await pool.query<Beat>(
    `update "run" r set "heartbeatAt" = now() from unnest($1::uuid[], $2::int[]) as c("id", "attempt")
     where r."id" = c."id" and r."attempt" = c."attempt" and r."state" = 'running'
     returning r."id" as "runId", r."attempt", r."cancelRequestedAt" is not null as "cancelRequested"`,
    [claims.map((claim) => claim.runId), claims.map((claim) => claim.attempt)],
  );
  return held.rows;
}
