"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPCClient } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import type { Example } from "#contracts/run.ts";
import { joinChanged } from "./disagreeing.ts";
import type { ComparedRun } from "./types.ts";

/** So many come with the comparison; where there are fewer, they are all. */
const listed = 60;
const pageLimit = 200;
/** More changed items of one run than this are not fetched: nobody pages through them. */
const mostItems = 2_000;

export interface Disagreeing {
  readonly rows: readonly Example[];
  /** False where only the first are known. */
  readonly isWhole: boolean;
  readonly isPending: boolean;
}

/**
 * All items on which a run and the reference disagree. The comparison carries the first of them; the rest follows from
 * what each run changed against the baseline that they share.
 */
export function useDisagreeing(reference: ComparedRun, other: ComparedRun): Disagreeing {
  const { org } = usePlace();
  const client = useTRPCClient();
  const first = other.comparison?.disagreeing ?? [];
  const shareBaseline = reference.baselineRunId !== null && reference.baselineRunId === other.baselineRunId;
  const isNeeded = first.length >= listed && shareBaseline;

  const read = (runId: string, offset: number) =>
    client.run.examples.query({ org, runId, show: "changed", offset, limit: pageLimit });
  /** Everything that a run changed against the baseline; undefined where that is too much. */
  const changed = async (run: ComparedRun): Promise<readonly Example[] | undefined> => {
    if (run.isBaseline) return [];
    const { matching, rows } = await read(run.id, 0);
    if (matching > mostItems) return undefined;
    const further = Array.from({ length: Math.max(0, Math.ceil(matching / pageLimit) - 1) }, (_, index) =>
      read(run.id, (index + 1) * pageLimit),
    );
    return [...rows, ...(await Promise.all(further)).flatMap((page) => page.rows)];
  };
  const whole = useQuery({
    queryKey: ["compare", "disagreeing", org, reference.id, other.id],
    enabled: isNeeded,
    // A run that has ended does not change its answers.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const [own, theirs] = await Promise.all([changed(reference), changed(other)]);
      const joined = own && theirs ? joinChanged(own, theirs) : [];
      // Fewer than are known already: the runs were not compared with the baseline item by item.
      return joined.length >= first.length ? joined : null;
    },
  });
  if (whole.data) return { rows: whole.data, isWhole: true, isPending: false };
  return { rows: first, isWhole: first.length < listed, isPending: isNeeded && whole.isPending };
}
