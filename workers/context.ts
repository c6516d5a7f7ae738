import type { Connection } from "#server/db/client.ts";
import type { Claim } from "#server/modules/run/execution/claim.ts";
import type { ChildLimits } from "./child-end.ts";
import type { RunningChild } from "./child-process.ts";

/** A run in hand: its right to write, and the process that does the work. */
export interface ActiveRun {
  readonly claim: Claim;
  readonly child: RunningChild;
}

/** What the handlers of a worker share. */
export interface WorkerContext {
  readonly id: string;
  readonly hostName: string;
  readonly connection: Connection;
  /** Under which each child gets a folder of its own. */
  readonly workRoot: string;
  /** Under which each run keeps the checkpoints of its trainings; they outlive child and worker. */
  readonly checkpointRoot: string;
  /** From one checkpoint of a training to the next, at least. */
  readonly checkpointSeconds: number;
  /** Name of the lock for measuring; null for that of the host. */
  readonly measureLock: string | null;
  /** Of the child of a run. */
  readonly limits: ChildLimits;
  /** Of the child that checks an uploaded file. */
  readonly checkLimits: ChildLimits;
  /** Claims of this worker that have not come to their end, each as `run attempt`. */
  readonly held: Set<string>;
  readonly active: Map<string, ActiveRun>;
  /** Children of registrations, to be ended at a shutdown. */
  readonly checking: Set<RunningChild>;
  /** Aborted when the worker must end now: waiting for the database ends too. */
  readonly ending: AbortSignal;
}
