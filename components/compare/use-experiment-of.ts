"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import type { Loaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { useClassNames } from "#components/run/use-class-names.ts";
import type { ExperimentDetail } from "#contracts/experiment.ts";

/** The experiment of a run; undefined until it is read. `loaded` is what the server has read with the page. */
export function useExperimentOf(
  run: { readonly experimentId: string },
  loaded?: Loaded<ExperimentDetail>,
): ExperimentDetail | undefined {
  const place = usePlace();
  const trpc = useTRPC();
  const input = { org: place.org, experimentId: run.experimentId };
  return useQuery({
    ...trpc.experiment.get.queryOptions(input),
    enabled: run.experimentId !== "",
    staleTime: 60_000,
    ...(loaded?.data.id === run.experimentId && {
      initialData: loaded.data,
      initialDataUpdatedAt: loaded.at,
    }),
  }).data;
}

/** Names of the classes that the runs of an experiment tell apart. */
export function useExperimentClasses(run: { readonly experimentId: string }): (index: number) => string {
  const t = useTranslations("compare.examples");
  const nameOf = useClassNames(useExperimentOf(run)?.dataset ?? null);
  return (index) => (index < 0 ? t("unlabelled") : nameOf(index));
}
