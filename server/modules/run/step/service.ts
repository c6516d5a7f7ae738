import type { Said } from "#engine/remarks/remark.schema.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { logLine, sayOfRun } from "#server/lib/log-line.ts";
import { notify } from "#server/live/notify.ts";
import { enqueue } from "#server/queue/enqueue.ts";
import type { Claim, Conclusion, WriteOutcome } from "../execution/claim.ts";
import { type Ending, type Transition, transitions } from "../state.ts";
import * as repo from "./repo.ts";

/** The baseline goes first: everything else is read against it. */
export const priorityOf = (run: { isBaseline: boolean }) => (run.isBaseline ? 1 : 0);

/** One step with all that follows from it: its log line, its job where it is queued again, its notification. */
export async function step(
  tx: Tx,
  target: repo.StepTarget,
  transition: Transition,
  change: repo.StepChange,
): Promise<repo.SteppedRun | undefined> {
  const run = await repo.takeStep(tx, target, transition, change);
  if (!run) return undefined;
  if (transitions[transition].to === "queued") {
    await enqueue(tx, "run.execute", { runId: run.id }, { priority: priorityOf(run) });
  }
  await notify(tx, { kind: "run", runId: run.id, experimentId: run.experimentId, projectId: run.projectId });
  return run;
}

/**
 * Ends a run for the worker that holds it. May be repeated when the answer was lost with the connection: the second
 * time changes nothing.
 *
 * @param also further writes of the same transaction
 */
export function conclude(
  db: Db,
  claim: Claim,
  ending: Ending,
  conclusion: Conclusion,
  also?: (tx: Tx) => Promise<void>,
): Promise<WriteOutcome> {
  return db.$transaction(async (tx) => {
    const { runId, attempt } = claim;
    const { problem, report, line } = conclusion;
    const run = await step(tx, { runId, attempt }, ending, { problem, report, line });
    if (run) {
      await also?.(tx);
      return "written";
    }
    const now = await repo.standing(tx, runId);
    return now?.attempt === attempt && now.state === transitions[ending].to ? "written" : "stale";
  });
}

/** Returns a run to the queue because its worker is going away; this costs the run none of its attempts. */
export function giveBack(db: Db, claim: Claim, why: Said): Promise<WriteOutcome> {
  return db.$transaction(async (tx) => {
    const { runId, attempt } = claim;
    const line = logLine("info", why);
    const run = await step(tx, { runId, attempt }, "giveBack", { newAttempt: true, moreAttempts: 1, line });
    return run ? "written" : "stale";
  });
}

/** Tries again on another worker, or fails where no attempt is left. */
export function loseAttempt(
  db: Db,
  claim: Claim,
  maxAttempts: number,
  conclusion: Conclusion,
): Promise<WriteOutcome> {
  if (claim.attempt >= maxAttempts) return conclude(db, claim, "fail", conclusion);
  return db.$transaction(async (tx) => {
    const { runId, attempt } = claim;
    const { text, remark } = conclusion.line;
    const line = logLine("warn", sayOfRun("log.triedAgain", { said: remark ?? text }));
    const run = await step(tx, { runId, attempt }, "requeue", { newAttempt: true, line });
    return run ? "written" : "stale";
  });
}
