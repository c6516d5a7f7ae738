"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTRPC } from "#components/api/client.ts";
import type { Loaded } from "#components/api/use-loaded.ts";
import { useRecipeName } from "#components/run/use-recipe-name.ts";
import { hasEnded, type RunComparison } from "#contracts/run.ts";
import { fewest } from "./chosen.ts";

/** While one of the runs is under way, the comparison is read again this often. */
const refreshMs = 5_000;

/** The runs side by side; what the server has read already is shown at once. */
export function useCompared(org: string, ids: readonly string[], loaded: Loaded<RunComparison> | undefined) {
  const trpc = useTRPC();
  const nameOf = useRecipeName();
  const named = useCallback(
    ({ runs }: RunComparison) => ({ runs: runs.map((run) => ({ ...run, recipeName: nameOf(run) })) }),
    [nameOf],
  );
  const isAsLoaded = loaded?.data.runs.map((run) => run.id).join() === ids.join();
  return useQuery({
    ...trpc.run.compare.queryOptions({ org, runIds: [...ids] }),
    enabled: ids.length >= fewest,
    // Every part of the page names runs, each by what it is given here.
    select: named,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.runs.some((run) => !hasEnded(run.state)) === true && refreshMs,
    ...(isAsLoaded && { initialData: loaded?.data, initialDataUpdatedAt: loaded?.at }),
  });
}
