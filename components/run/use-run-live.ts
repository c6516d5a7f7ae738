"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useState } from "react";
import { useTRPC, useTRPCClient } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { hasEnded, type RunDetail, type RunLive, type RunLogLine } from "#contracts/run.ts";
import { appendLines, appendPoints, type LivePoints, mergeLive } from "./live-state.ts";
import { useConnection, useIsLooking } from "./use-connection.ts";

export interface LiveRun {
  readonly run: RunDetail;
  readonly lines: readonly RunLogLine[];
  /** Points that arrived since the page was opened, by series. */
  readonly points: LivePoints;
  readonly isLost: boolean;
  /** Reads the lines before the first one that is shown. */
  readonly readEarlier: () => void;
  readonly isReading: boolean;
}

/** Lines that are read at once when somebody goes back in a long log. */
const earlierLines = 1_000;

/** A run as it goes on: what the server read with the page, kept up to date by its stream. */
export function useRunLive(
  org: string,
  loaded: Loaded<RunDetail>,
  log: Loaded<readonly RunLogLine[]>,
): LiveRun {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const runId = loaded.data.id;
  const options = trpc.run.get.queryOptions({ org, runId });
  const { data: run } = useLoaded(options, loaded);
  const [lines, setLines] = useState<readonly RunLogLine[]>(log.data);
  const [points, setPoints] = useState<LivePoints>({});
  // A run that has ended says nothing more; a retry begins a new stream.
  const isWanted = useIsLooking() && !hasEnded(run.state);
  const onData = ({ data: message }: { data: RunLive }) => {
    client.setQueryData(options.queryKey, (known) => (known ? mergeLive(known, message) : known));
    setLines((before) => appendLines(before, message.lines));
    setPoints((before) => appendPoints(before, message.points));
    if (message.measured || hasEnded(message.state))
      void client.invalidateQueries({ queryKey: options.queryKey });
  };
  const stream = useSubscription(
    trpc.run.live.subscriptionOptions(
      { org, runId, after: log.data.at(-1)?.seq ?? 0 },
      { enabled: isWanted, onData },
    ),
  );
  const { isLost } = useConnection(stream, isWanted, () => {
    void client.invalidateQueries({ queryKey: options.queryKey });
  });
  const earlier = useMutation({
    mutationFn: () => {
      const before = (lines[0]?.seq ?? 1) - 1;
      return api.run.log.query({
        org,
        runId,
        after: Math.max(0, before - earlierLines),
        limit: earlierLines,
      });
    },
    onSuccess: (found) =>
      setLines((now) => [...found.filter((line) => line.seq < (now[0]?.seq ?? 1)), ...now]),
  });
  return { run, lines, points, isLost, readEarlier: () => earlier.mutate(), isReading: earlier.isPending };
}

/** The course of one series: what is stored, read anew now and then while the run goes on. */
export function useSeries(org: string, runId: string, name: string, isActive: boolean) {
  const trpc = useTRPC();
  return useQuery({
    ...trpc.run.points.queryOptions({ org, runId, name, points: 400 }),
    refetchInterval: isActive ? 15_000 : false,
  });
}
