"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import { useClassNames } from "#components/run/use-class-names.ts";

/** Names of the classes that the runs of an experiment tell apart. */
export function useExperimentClasses(experimentId: string): (index: number) => string {
  const t = useTranslations("compare");
  const place = usePlace();
  const trpc = useTRPC();
  const experiment = useQuery(trpc.experiment.get.queryOptions({ org: place.org, experimentId }));
  const nameOf = useClassNames(experiment.data?.dataset ?? null);
  return (index) => (index < 0 ? t("unlabelled") : nameOf(index));
}
