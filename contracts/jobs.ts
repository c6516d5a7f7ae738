import { z } from "zod";

/** What the queue does with a job; the run's own attempts are counted in its row, not here. */
export interface JobSettings {
  /** Times that the queue hands out the job again after its handler threw or its worker fell silent. */
  readonly retryLimit: number;
  readonly retryDelay: number;
  /** A job that is active for longer than this is given up. */
  readonly expireInSeconds: number;
  /** A worker that says nothing about the job for this long has lost it; at least 10. */
  readonly heartbeatSeconds?: number;
}

const registration: JobSettings = {
  retryLimit: 2,
  retryDelay: 1,
  expireInSeconds: 1_800,
  heartbeatSeconds: 15,
};

/**
 * Every background job, once. Payloads hold IDs only: a worker reads the rows, so that nothing in a job can be stale,
 * and nothing in the queue needs to be kept secret.
 */
export const jobs = {
  "run.execute": {
    payload: z.strictObject({ runId: z.uuid() }),
    // The row is the truth: it knows its attempts, and the sweeper makes a new job where one is missing.
    settings: { retryLimit: 0, retryDelay: 0, expireInSeconds: 6 * 3_600 },
  },
  "model.inspect": { payload: z.strictObject({ versionId: z.uuid() }), settings: registration },
  "dataset.ingest": { payload: z.strictObject({ versionId: z.uuid() }), settings: registration },
} as const satisfies Record<string, { payload: z.ZodType<Record<string, string>>; settings: JobSettings }>;

export type JobName = keyof typeof jobs;
export type JobPayload<Name extends JobName> = z.output<(typeof jobs)[Name]["payload"]>;

export const jobNames: readonly JobName[] = ["run.execute", "model.inspect", "dataset.ingest"];

/** What the job is about: used as its key, so that the jobs of one row can be found. */
export function jobKey<Name extends JobName>(payload: JobPayload<Name>): string {
  return "runId" in payload ? payload.runId : payload.versionId;
}
