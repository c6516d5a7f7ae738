import { fromPrisma } from "pg-boss";
import { type JobName, type JobPayload, jobKey, jobs } from "#contracts/jobs.ts";
import { connection, type Tx } from "#server/db/client.ts";
import { sender } from "./boss.ts";

export interface EnqueueOptions {
  /** Higher comes first. */
  readonly priority?: number;
}

/** Puts a job into the queue as part of the caller's transaction: it exists if and only if that commits. */
export async function enqueue<Name extends JobName>(
  tx: Tx,
  name: Name,
  payload: JobPayload<Name>,
  options: EnqueueOptions = {},
): Promise<void> {
  const data = jobs[name].payload.parse(payload);
  const boss = await sender(connection());
  const id = await boss.send(name, data, {
    db: fromPrisma(tx),
    singletonKey: jobKey(payload),
    priority: options.priority ?? 0,
  });
  if (id === null) throw new Error(`The queue did not take a job ${name}`);
}

/** Makes the queue's schema and queues where they are missing; for the start of a process. */
export async function prepareQueue(): Promise<void> {
  await sender(connection());
}
