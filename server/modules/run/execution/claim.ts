import type { Measured } from "#contracts/measurement.ts";
import type { Problem, Progress, RunReport } from "#contracts/run.ts";
import type { SaidLine } from "#server/lib/log-line.ts";

/** The right to write about one run, held by the worker that took it; worth nothing once `attempt` has moved on. */
export interface Claim {
  readonly runId: string;
  readonly attempt: number;
  readonly experimentId: string;
  readonly projectId: string;
  readonly organisationId: string;
  readonly isBaseline: boolean;
  /** Sequence number of the run's last event when it was taken. */
  readonly lastSeq: number;
}

export interface LogLine {
  readonly kind: "log" | "state";
  readonly level: "info" | "warn" | "error";
  readonly text: string;
  readonly data?: unknown;
  readonly at: Date;
}

/** Points of one series; steps are distinct. */
export interface PointBatch {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export interface ExampleBatch {
  readonly split: string;
  readonly items: Int32Array;
  readonly labels: Int32Array;
  readonly predictions: Int32Array;
}

/** What a child has said since the last write. */
export interface Batch {
  readonly lines: readonly LogLine[];
  readonly progress: Progress | null;
  readonly points: readonly PointBatch[];
  readonly measurements: readonly Measured[];
  readonly examples: ExampleBatch | null;
}

/** `stale`: the run has been taken away or has ended; nothing was written, and the child must end. */
export type WriteOutcome = "written" | "stale";

export interface Conclusion {
  readonly problem: Problem | null;
  readonly report: RunReport | null;
  readonly line: SaidLine;
}
