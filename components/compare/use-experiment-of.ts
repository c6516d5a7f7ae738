"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import { useClassNames } from "#components/run/use-class-names.ts";
import type { ExperimentDetail } from "#contracts/experiment.ts";

/** The experiment of a run; undefined until it is read. */
export function useExperimentOf(run: { readonly experimentId: string }): ExperimentDetail | undefined {
  const place = usePlace();
  const trpc = useTRPC();
  const input = { org: place.org, experimentId: run.experimentId };
  return useQuery({ ...trpc.experiment.get.queryOptions(input), staleTime: 60_000 }).data;
}

/** Names of the classes that the runs of an experiment tell apart. */
export function useExperimentClasses(run: { readonly experimentId: string }): (index: number) => string {
  const t = useTranslations("compare.examples");
  const nameOf = useClassNames(useExperimentOf(run)?.dataset ?? null);
  return (index) => (index < 0 ? t("unlabelled") : nameOf(index));
}
