"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";

/** Names of a dataset's classes; a class without one by its number. */
export function useClassNames(
  dataset: { readonly slug: string; readonly number: number } | null,
): (index: number) => string {
  const place = usePlace();
  const trpc = useTRPC();
  const version = useQuery({
    ...trpc.dataset.version.queryOptions({
      org: place.org,
      project: place.project,
      dataset: dataset?.slug ?? "-",
      number: dataset?.number ?? 1,
    }),
    enabled: dataset !== null,
    // A version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const label = version.data?.summary?.label;
  const names = label?.kind === "class" ? label.classes : [];
  return (index) => names[index] ?? String(index);
}
