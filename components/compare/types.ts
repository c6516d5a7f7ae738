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

interface Answering {
  readonly comparison: { readonly gained: number; readonly lost: number } | null;
}

/** The run that answers most unlike the reference: the most telling one to look at first. */
export function mostDifferent<Run extends Answering>(others: readonly Run[]): Run | undefined {
  const moved = ({ comparison }: Run) => (comparison ? comparison.gained + comparison.lost : 0);
  return others.reduce<Run | undefined>(
    (most, run) => (most && moved(most) >= moved(run) ? most : run),
    undefined,
  );
}
