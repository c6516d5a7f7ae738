"use client";

import { useTRPC } from "#components/api/client.ts";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { ShareButton } from "#components/share/share-button.tsx";
import type { RunDetail } from "#contracts/run.ts";
import { CreateBenchmarkButton } from "./create-benchmark.tsx";
import { SubmitRunButton } from "./submit-run.tsx";

/** What can be done with a run beyond its own page. It follows the run, which may end while the page is open. */
export function RunActions({ org, loaded }: { org: string; loaded: Loaded<RunDetail> }) {
  const trpc = useTRPC();
  const { data: run } = useLoaded(trpc.run.get.queryOptions({ org, runId: loaded.data.id }), loaded);
  return (
    <>
      <ShareButton org={org} subject="run" subjectId={run.id} />
      {run.isBaseline ? (
        <CreateBenchmarkButton org={org} run={run} />
      ) : (
        <SubmitRunButton org={org} run={run} />
      )}
    </>
  );
}
