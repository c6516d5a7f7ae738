"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPCClient } from "#components/api/client.ts";
import { usePlace } from "#components/model/use-place.ts";
import type { Transfer } from "#components/upload/transfers.ts";

/** What the server finds in the files that have arrived, and a manifest for them once all have. */
export function useSuggestion(transfers: readonly Transfer[]) {
  const api = useTRPCClient();
  const { org, project } = usePlace();
  const files = transfers.flatMap(({ file, received }) =>
    received ? [{ name: file.name, uploadId: received.uploadId }] : [],
  );
  const isComplete = files.length > 0 && files.length === transfers.length;
  const query = useQuery({
    queryKey: ["suggested manifest", org, project, files],
    // A mutation of the API only because a list of files is too long for an address; it changes nothing.
    queryFn: () => api.dataset.suggest.mutate({ org, project, files }),
    enabled: isComplete,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { files, isComplete, ...query };
}
