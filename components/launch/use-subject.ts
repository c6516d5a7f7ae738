"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";

/** A version as the address and the pickers name it. */
export interface VersionChoice {
  readonly slug: string;
  readonly number: number;
}

/** What the launch screen says of the chosen model and data. */
export function useSubject(model: VersionChoice | null, dataset: VersionChoice | null) {
  const place = usePlace();
  const trpc = useTRPC();
  const { org, project } = place;
  const modelVersion = useQuery({
    ...trpc.model.version.queryOptions({
      org,
      project,
      model: model?.slug ?? "-",
      number: model?.number ?? 1,
    }),
    enabled: model !== null,
  });
  const datasetVersion = useQuery({
    ...trpc.dataset.version.queryOptions({
      org,
      project,
      dataset: dataset?.slug ?? "-",
      number: dataset?.number ?? 1,
    }),
    enabled: dataset !== null,
  });
  return {
    model: model === null ? undefined : modelVersion.data,
    dataset: dataset === null ? undefined : datasetVersion.data,
    error: modelVersion.error ?? datasetVersion.error,
  };
}
