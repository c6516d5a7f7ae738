import type { Db } from "#server/db/client.ts";
import { problemOf, sayOfRun } from "#server/lib/log-line.ts";
import { log } from "#server/log/log.ts";
import { rejectDatasetVersion } from "#server/modules/dataset/ingest.ts";
import { rejectModelVersion } from "#server/modules/model/inspection.ts";
import { beat } from "#server/modules/run/execution/service.ts";
import { heartbeatSeconds, sweepRuns } from "#server/modules/run/sweep/service.ts";
import { abandonedRegistrations, heartbeat } from "#server/modules/worker/service.ts";
import { isDatabaseAway } from "./away.ts";
import type { WorkerContext } from "./context.ts";
import { scopeOf } from "./handlers/register.ts";

/** Often enough that a lost run is found within 30 seconds of its last heartbeat. */
export const sweepSeconds = 4;

/** Says that the worker and its runs are alive, and ends children whose run was cancelled or taken away. */
export async function pulse(context: WorkerContext): Promise<void> {
  const { db, pool } = context.connection;
  await heartbeat(db, context.id);
  const asked = [...context.active.values()];
  if (asked.length === 0) return;
  const held = new Map(
    (
      await beat(
        pool,
        asked.map((run) => run.claim),
      )
    ).map((one) => [one.runId, one]),
  );
  for (const { claim, child } of asked) {
    const own = held.get(claim.runId);
    // It may have been taken away, or have ended this very moment: then the stop does nothing.
    if (!own) child.stop("stale");
    else if (own.cancelRequested) child.stop("cancel");
  }
}

async function rejectAbandoned(db: Db): Promise<void> {
  for (const { subject, id } of await abandonedRegistrations(db)) {
    const scope = await scopeOf(db, id);
    if (!scope) continue;
    const problem = problemOf("workerLost", sayOfRun("log.checkGivenUp"));
    await (subject === "modelVersion" ? rejectModelVersion : rejectDatasetVersion)(db, scope, problem);
  }
}

/** Finds what other workers have lost. */
export async function sweep(context: WorkerContext): Promise<void> {
  const { db } = context.connection;
  const swept = await sweepRuns(db);
  if (!swept) return;
  if (swept.lost + swept.forgotten > 0) log.warn("runs without a worker were found", { ...swept });
  await rejectAbandoned(db);
}

/** Repeats `work` until the signal; a fault is logged and the next turn tries again. */
export function every(seconds: number, signal: AbortSignal, what: string, work: () => Promise<void>): void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    work()
      .catch((error) => {
        if (!isDatabaseAway(error) && !signal.aborted) log.error(`${what} failed`, error);
      })
      .finally(() => {
        busy = false;
      });
  }, seconds * 1_000);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

export { heartbeatSeconds };
