import type { RunComparison } from "#contracts/run.ts";

/** One column of a comparison: a run with its comparison against the first; null for the first itself. */
export type ComparedRun = RunComparison["runs"][number];

/** True where the reference is the run's own baseline, so that paired intervals of the difference exist. */
export function isPaired(
  run: { readonly baselineRunId: string | null },
  reference: { readonly id: string },
): boolean {
  return run.baselineRunId === reference.id;
}
