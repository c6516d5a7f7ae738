import type { RunState } from "#contracts/run.ts";

/**
 * The life of a run. Every change of `state` in the database is one of these: its statement asks for one of the
 * states of `from` and writes `to`, so that two processes can never both take the same step.
 */
export const transitions = {
  /** A worker takes it. */
  claim: { from: ["queued"], to: "running" },
  succeed: { from: ["running"], to: "succeeded" },
  /** The recipe can do nothing for this model. */
  notApply: { from: ["running"], to: "not_applicable" },
  fail: { from: ["running"], to: "failed" },
  /** The worker ended the child because somebody asked for it. */
  stop: { from: ["running"], to: "cancelled" },
  /** Somebody cancels before a worker has taken it. */
  withdraw: { from: ["queued"], to: "cancelled" },
  /** The worker shuts down; this costs no attempt. */
  giveBack: { from: ["running"], to: "queued" },
  /** Its worker fell silent, and attempts are left. */
  requeue: { from: ["running"], to: "queued" },
  /** Its worker fell silent, and no attempt is left. */
  giveUp: { from: ["running"], to: "failed" },
  /** Somebody asks for another try. */
  retry: { from: ["failed", "cancelled"], to: "queued" },
} as const satisfies Record<string, { from: readonly RunState[]; to: RunState }>;

export type Transition = keyof typeof transitions;
/** The ends that a worker can report. */
export type Ending = "succeed" | "notApply" | "fail" | "stop";

/** True where the transition may start from this state. */
export function canTake(state: RunState, transition: Transition): boolean {
  return transitions[transition].from.some((from) => from === state);
}

/** Attempts that a person's retry adds. */
export const attemptsPerRetry = 3;

/** What becomes of a running run whose worker has fallen silent. */
export function afterLoss(run: {
  attempt: number;
  maxAttempts: number;
  cancelRequested: boolean;
}): "stop" | "requeue" | "giveUp" {
  if (run.cancelRequested) return "stop";
  return run.attempt < run.maxAttempts ? "requeue" : "giveUp";
}
