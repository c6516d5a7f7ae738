"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/api/client.ts";
import { useShell } from "#components/shell/context.tsx";
import { allows } from "#contracts/policy.ts";

export interface RunControl {
  /** False where the reader's role may only look. */
  readonly isAllowed: boolean;
  readonly cancel: (runId: string) => void;
  readonly retry: (runId: string) => void;
  readonly isBusy: boolean;
}

/** Cancels and retries runs; what they change arrives by the stream, and by reading again where that is cut. */
export function useRunControl(org: string): RunControl {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { organisation } = useShell();
  const onSettled = async () => {
    await Promise.all([
      client.invalidateQueries(trpc.run.get.pathFilter()),
      client.invalidateQueries(trpc.experiment.runs.pathFilter()),
      client.invalidateQueries(trpc.experiment.get.pathFilter()),
    ]);
  };
  const cancel = useMutation(trpc.run.cancel.mutationOptions({ onSettled }));
  const retry = useMutation(trpc.run.retry.mutationOptions({ onSettled }));
  return {
    isAllowed: organisation !== undefined && allows(organisation.role, "run.control"),
    cancel: (runId) => cancel.mutate({ org, runId }),
    retry: (runId) => retry.mutate({ org, runId }),
    isBusy: cancel.isPending || retry.isPending,
  };
}
