"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useEffect, useRef } from "react";
import { useTRPC } from "#components/api/client.ts";
import type { UploadRow } from "#contracts/upload.ts";

/**
 * The project's latest uploads, live. Whenever the server has finished (or begun) to check one, the lists of models
 * and datasets are read again. undefined until the first message.
 */
export function useUploadRows(org: string, project: string): readonly UploadRow[] | undefined {
  const trpc = useTRPC();
  const client = useQueryClient();
  const known = useRef("");
  const rows = useSubscription(trpc.upload.watch.subscriptionOptions({ org, project })).data;
  useEffect(() => {
    if (!rows) return;
    const states = rows.map(({ id, state }) => `${id}:${state}`).join();
    if (known.current !== "" && known.current !== states) {
      void client.invalidateQueries(trpc.model.pathFilter());
      void client.invalidateQueries(trpc.dataset.pathFilter());
    }
    known.current = states;
  }, [rows, client, trpc]);
  return rows;
}
