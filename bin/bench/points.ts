import type { Connection } from "#server/db/client.ts";
import { claimRun, writeBatch } from "#server/modules/run/execution/service.ts";

/** Points per second that one worker's connection writes through the same function as a real run's points. */
export async function pointsPerSecond(
  connection: Connection,
  runId: string,
  total: number,
  perBatch: number,
): Promise<number> {
  await connection.pool.query(
    `update "run" set "state" = 'queued', "attempt" = 1, "lastSeq" = 0 where "id" = $1`,
    [runId],
  );
  const workerId = crypto.randomUUID();
  await connection.pool.query(
    `insert into "worker" ("id","hostName","pid","facts") values ($1, 'bench', 1, '{}')`,
    [workerId],
  );
  const claim = await claimRun(connection.pool, runId, { id: workerId, hostName: "bench" });
  if (!claim) throw new Error("The benchmark's run could not be claimed.");
  const begin = performance.now();
  for (let from = 0; from < total; from += perBatch) {
    const steps = Array.from({ length: perBatch }, (_, i) => from + i);
    const values = steps.map((step) => Math.sin(step / 100));
    const outcome = await writeBatch(connection.pool, claim, claim.lastSeq, {
      lines: [],
      progress: null,
      points: [{ name: "bench", steps, values }],
      measurements: [],
      examples: null,
    });
    if (outcome !== "written") throw new Error(`A batch was ${outcome}.`);
  }
  return total / ((performance.now() - begin) / 1000);
}

/** Milliseconds from the worker's write to the event at a subscriber, over HTTP. */
export async function eventDelays(
  connection: Connection,
  runId: string,
  subscribe: (onEvent: () => void) => () => void,
  count: number,
): Promise<number[]> {
  const { rows } = await connection.pool.query<{
    attempt: number;
    workerId: string;
    lastSeq: number;
    experimentId: string;
    projectId: string;
    organisationId: string;
  }>(
    `select "attempt", "workerId", "lastSeq", "experimentId", "projectId", "organisationId" from "run" where "id" = $1`,
    [runId],
  );
  const row = rows[0];
  if (!row) throw new Error("The benchmark's run is gone.");
  const claim = { runId, isBaseline: false, ...row };
  let arrived: (() => void) | undefined;
  const stop = subscribe(() => arrived?.());
  const next = () => new Promise<void>((resolve) => (arrived = resolve));
  await next();
  const delays: number[] = [];
  let base = row.lastSeq;
  for (let i = 0; i < count; i++) {
    const event = next();
    const begin = performance.now();
    const line = { kind: "log", level: "info", text: `line ${i}`, at: new Date() } as const;
    await writeBatch(connection.pool, claim, base++, {
      lines: [line],
      progress: null,
      points: [],
      measurements: [],
      examples: null,
    });
    await event;
    delays.push(performance.now() - begin);
    // The stream rests a little after each message; the next write must not fall into it every time.
    await new Promise((resolve) => setTimeout(resolve, 120 + (i % 7) * 10));
  }
  stop();
  return delays;
}
