"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import type { ExperimentRow, Protocol } from "#contracts/experiment.ts";
import type { RunRow } from "#contracts/run.ts";

export interface Earlier {
  readonly experiments: readonly ExperimentRow[];
  readonly rows: readonly RunRow[];
  readonly isPending: boolean;
}

/** Experiments to look back over, and how many of them are read. */
const lookBack = 100;
const mostRead = 5;
const columns = [
  "experiment/wall",
  "experiment/energy",
  "size/file",
  "quality/top1@test",
  "quality/rmse@test",
  "quality/ndcg10@test",
];

/** Runs of earlier experiments with the same model version and data, measured in the same way. */
export function useEarlier(of: {
  modelVersionId: string | null;
  datasetVersionId: string | null;
  protocol: Protocol;
}): Earlier {
  const place = usePlace();
  const trpc = useTRPC();
  const list = useQuery(
    trpc.experiment.list.queryOptions({ org: place.org, project: place.project, limit: lookBack }),
  );
  const experiments = useMemo(
    () =>
      (list.data?.rows ?? [])
        .filter((row) => row.model.versionId === of.modelVersionId)
        .filter(
          (row) => (row.dataset?.versionId ?? null) === of.datasetVersionId && row.protocol === of.protocol,
        )
        .slice(0, mostRead),
    [list.data, of.modelVersionId, of.datasetVersionId, of.protocol],
  );
  return useQueries({
    queries: experiments.map(({ id }) =>
      trpc.experiment.runs.queryOptions({ org: place.org, experimentId: id, columns, limit: 200 }),
    ),
    combine: (results) => ({
      experiments,
      rows: results.flatMap((result) => result.data?.rows ?? []),
      isPending: list.isPending || results.some((result) => result.isPending),
    }),
  });
}
