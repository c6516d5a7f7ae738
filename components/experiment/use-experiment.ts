"use client";

import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useCallback, useEffect, useMemo } from "react";
import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { useConnection, useIsLooking } from "#components/run/use-connection.ts";
import type { ExperimentDetail, ExperimentLive } from "#contracts/experiment.ts";
import { hasEnded, type RunFilter, type RunRow, type RunSort, type RunTable } from "#contracts/run.ts";
import { pageSize } from "./page-size.ts";
import { hasUnknown, patchPages, type RunPages } from "./patch.ts";

/** Runs that the picture and the verdict take into account; more are read page by page in the table only. */
export const mostDrawn = 1_000;
export const plainSort: RunSort = { by: "number", descending: false };
export const noFilter: RunFilter = { states: [], recipes: [], text: "", bounds: [] };

export interface RunQuery {
  readonly org: string;
  readonly experimentId: string;
  readonly columns: readonly string[];
  readonly filter: RunFilter;
  readonly sort: RunSort;
}

/** The query of one view of the run table. The plain view has the key that the page read on the server. */
export function useRuns(query: RunQuery, loaded?: Loaded<RunTable>) {
  const trpc = useTRPC();
  const { org, experimentId, columns, filter, sort } = query;
  return useInfiniteQuery({
    ...trpc.experiment.runs.infiniteQueryOptions(
      { org, experimentId, columns: [...columns], filter, sort, limit: pageSize },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
    placeholderData: keepPreviousData,
    ...(loaded && {
      initialData: { pages: [loaded.data], pageParams: [null] },
      initialDataUpdatedAt: loaded.at,
    }),
  });
}

/** All runs (up to a bound) in the order they were launched: what picture and verdict are made from. */
export function useAllRuns(
  query: Omit<RunQuery, "filter" | "sort">,
  loaded: Loaded<RunTable> | undefined,
): readonly RunRow[] {
  const runs = useRuns({ ...query, filter: noFilter, sort: plainSort }, loaded);
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.rows) ?? [], [runs.data]);
  const { hasNextPage, isFetching, fetchNextPage } = runs;
  useEffect(() => {
    if (hasNextPage && !isFetching && rows.length < mostDrawn) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, rows.length]);
  return rows;
}

export function useExperimentDetail(org: string, loaded: Loaded<ExperimentDetail>): ExperimentDetail {
  const trpc = useTRPC();
  return useLoaded(trpc.experiment.get.queryOptions({ org, experimentId: loaded.data.id }), loaded).data;
}

/** Keeps every view of the experiment up to date while somebody looks at it. */
export function useExperimentLive(
  org: string,
  experimentId: string,
  columns: readonly string[],
): { isLost: boolean } {
  const trpc = useTRPC();
  const client = useQueryClient();
  const isLooking = useIsLooking();
  const readAgain = useCallback(() => {
    void client.invalidateQueries(trpc.experiment.runs.pathFilter());
    void client.invalidateQueries(trpc.experiment.get.pathFilter());
  }, [client, trpc]);
  const onData = (message: ExperimentLive) => {
    const views = client.getQueriesData<RunPages>(trpc.experiment.runs.pathFilter());
    client.setQueriesData<RunPages>(trpc.experiment.runs.pathFilter(), (pages) =>
      patchPages(pages, message.runs),
    );
    client.setQueriesData<ExperimentDetail>(trpc.experiment.get.pathFilter(), (known) =>
      known?.id === experimentId ? { ...known, counts: message.counts } : known,
    );
    const isNew = views.every(([, pages]) => hasUnknown(pages, message.runs));
    // A run that ended may bring metrics that no run had, and belongs elsewhere in a sorted table.
    if (message.refresh || isNew || message.runs.some((run) => hasEnded(run.state))) readAgain();
  };
  const stream = useSubscription(
    trpc.experiment.live.subscriptionOptions(
      { org, experimentId, columns: [...columns] },
      { enabled: isLooking, onData },
    ),
  );
  return useConnection(stream, isLooking, readAgain);
}
