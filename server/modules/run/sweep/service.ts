import { saidBy } from "#contracts/problem.ts";
import type { Db } from "#server/db/client.ts";
import { logLine, problemOf, sayOfRun } from "#server/lib/log-line.ts";
import { enqueue } from "#server/queue/enqueue.ts";
import { afterLoss } from "../state.ts";
import * as repo from "../step/repo.ts";
import { priorityOf, step } from "../step/service.ts";

/** A worker says that its runs are alive every `heartbeatSeconds`. */
export const heartbeatSeconds = 10;
/** With a sweep every few seconds, a lost run is found within 30 seconds. */
export const silentSeconds = 25;
const graceSeconds = 15;

/** Those of the runs that wait or are at work. */
export function openAmong(db: Db, runIds: readonly string[]): Promise<string[]> {
  return repo.openAmong(db, runIds);
}

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
      const said = run.worker
        ? sayOfRun("log.lost", { host: run.worker, seconds: silence })
        : sayOfRun("log.lostUnknown", { seconds: silence });
      const transition = afterLoss(run);
      if (transition === "requeue") {
        const line = logLine("warn", sayOfRun("log.triedAgain", { said }));
        await step(tx, target, transition, { newAttempt: true, line });
      } else if (transition === "stop") {
        await step(tx, target, transition, {
          line: logLine("warn", sayOfRun("log.cancelledLost", { said })),
        });
      } else {
        const tries = { attempt: run.attempt, most: run.maxAttempts };
        const problem = problemOf("workerLost", sayOfRun("log.lostLast", { said, ...tries }));
        await step(tx, target, transition, { problem, line: logLine("error", saidBy(problem)) });
      }
    }
    const forgotten = await repo.lockForgotten(tx, silentSeconds);
    for (const run of forgotten)
      await enqueue(tx, "run.execute", { runId: run.id }, { priority: priorityOf(run) });
    return { lost: lost.length, forgotten: forgotten.length };
  });
}
