import type { PgBoss } from "pg-boss";
import { type JobName, type JobPayload, jobNames, jobs } from "#contracts/jobs.ts";
import { startBoss } from "./boss.ts";

export interface JobContext {
  /** True where the queue will not hand out the job again. */
  readonly isLastTry: boolean;
}

/** One handler for each job. It throws to have the job handed out again, while the queue has retries left. */
export type JobHandlers = {
  readonly [Name in JobName]: (payload: JobPayload<Name>, context: JobContext) => Promise<void>;
};

export interface QueueWorker {
  /** No further jobs are taken; resolves once those in hand have settled or `timeoutMs` has passed. */
  stop(timeoutMs: number): Promise<void>;
}

function register<Name extends JobName>(
  boss: PgBoss,
  name: Name,
  handle: JobHandlers[Name],
  localConcurrency: number,
) {
  let workId = "";
  const options = {
    localConcurrency,
    includeMetadata: true,
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 5,
  } as const;
  return boss
    .work<JobPayload<Name>, void, typeof options>(name, options, async ([job]) => {
      if (!job) return;
      try {
        const payload = jobs[name].payload.parse(job.data) as JobPayload<Name>;
        await handle(payload, { isLastTry: job.retryCount >= job.retryLimit });
      } finally {
        // Whoever finished looks for the next job at once instead of waiting out the polling interval.
        boss.notifyWorker(workId);
      }
    })
    .then((id) => {
      workId = id;
    });
}

/** Takes jobs from the queue until stopped. Holds a connection of its own that listens for new jobs. */
export async function startWorking(
  url: string,
  handlers: JobHandlers,
  slots: Record<JobName, number>,
): Promise<QueueWorker> {
  const boss = await startBoss(
    {
      connectionString: url,
      max: 4,
      application_name: "parsimony-queue",
      useListenNotify: true,
      supervise: true,
      superviseIntervalSeconds: 10,
      monitorIntervalSeconds: 10,
    },
    "worker",
  );
  for (const name of jobNames) await register(boss, name, handlers[name], slots[name]);
  return { stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs }) };
}
