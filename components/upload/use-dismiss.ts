"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTRPC, useTRPCClient } from "#components/api/client.ts";

/** Takes refused files off the project's list, quietly: their reason has been read. */
export function useDismiss(org: string): (uploadIds: readonly string[]) => Promise<void> {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  return useCallback(
    async (uploadIds) => {
      // One that cannot be taken off now stays on the list, where there is a button for it.
      await Promise.allSettled(uploadIds.map((id) => api.upload.dismiss.mutate({ org, id })));
      await client.invalidateQueries(trpc.upload.pathFilter());
    },
    [api, client, trpc, org],
  );
}
