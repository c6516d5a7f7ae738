import { runId } from "#contracts/run.ts";

/** Fewest and most runs of a comparison. */
export const fewest = 2;
export const most = 8;

export interface Chosen {
  /** At most `most` different IDs, in the order of the address. */
  readonly ids: readonly string[];
  /** Entries of the address that are no ID of a run. */
  readonly malformed: number;
  /** IDs beyond the limit. */
  readonly beyond: number;
}

/** The runs that an address asks for. It may hold anything; `left` are IDs that are known to lead nowhere. */
export function chosenRuns(asked: readonly string[], left: readonly string[] = []): Chosen {
  const valid = asked.flatMap((id) => runId.safeParse({ runId: id }).data?.runId ?? []);
  const ids = [...new Set(valid)].filter((id) => !left.includes(id));
  return {
    ids: ids.slice(0, most),
    malformed: asked.length - valid.length,
    beyond: Math.max(0, ids.length - most),
  };
}
