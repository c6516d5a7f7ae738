import type { JobHandlers } from "#server/queue/work.ts";
import type { WorkerContext } from "../context.ts";
import { ingestCheck } from "./ingest.ts";
import { inspectCheck } from "./inspect.ts";
import { register } from "./register.ts";
import { executeRun } from "./run.ts";

/** One handler for every job of contracts/jobs.ts; a job without one does not compile. */
export function handlersOf(context: WorkerContext): JobHandlers {
  return {
    "run.execute": ({ runId }) => executeRun(context, runId),
    "model.inspect": ({ versionId }, job) => register(context, versionId, inspectCheck, job),
    "dataset.ingest": ({ versionId }, job) => register(context, versionId, ingestCheck, job),
  } satisfies JobHandlers;
}
