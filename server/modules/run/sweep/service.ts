import type { Db } from "#server/db/client.ts";
import { enqueue } from "#server/queue/enqueue.ts";
import { afterLoss } from "../state.ts";
import * as repo from "../step/repo.ts";
import { priorityOf, step } from "../step/service.ts";

/** A worker says that its runs are alive every `heartbeatSeconds`. */
export const heartbeatSeconds = 10;
/** With a sweep every few seconds, a lost run is found within 30 seconds. */
export const silentSeconds = 25;
const graceSeconds = 15;

export interface SweepResult {
  readonly lost: number;
  readonly forgotten: number;
}

/**
 * Finds runs whose worker fell silent, and queued runs that no job stands for, and sets them going again. Every
 * worker calls this; one at a time does the work. Undefined where another one is at it.
 */
export function sweepRuns(db: Db, silence = silentSeconds): Promise<SweepResult | undefined> {
  return db.$transaction(async (tx) => {
    if (!(await repo.isOnlySweeper(tx))) return undefined;
    const lost = await repo.lockLost(tx, silence, graceSeconds);
    for (const run of lost) {
      const target = { runId: run.id, attempt: run.attempt };
      const where = run.worker ? `The worker on ${run.worker}` : "Its worker";
      const said = `${where} has not been heard of for ${silence} seconds`;
      const transition = afterLoss(run);
      if (transition === "requeue") {
        const line = { level: "warn", text: `${said}; the run is tried again` } as const;
        await step(tx, target, transition, { newAttempt: true, line });
      } else if (transition === "stop") {
        await step(tx, target, transition, {
          line: { level: "warn", text: `${said}; the run is cancelled as asked` },
        });
      } else {
        const message = `${said}, and that was attempt ${run.attempt} of ${run.maxAttempts}`;
        const problem = { code: "workerLost", message };
        await step(tx, target, transition, { problem, line: { level: "error", text: message } });
      }
    }
    const forgotten = await repo.lockForgotten(tx, silentSeconds);
    for (const run of forgotten)
      await enqueue(tx, "run.execute", { runId: run.id }, { priority: priorityOf(run) });
    return { lost: lost.length, forgotten: forgotten.length };
  });
}
