import type { Tx } from "./client.ts";

/** A worker whose last sign of life is older than this does not count. */
const workerSilenceSeconds = 30;

export interface Health {
  readonly status: "ok" | "unavailable";
  readonly database: "ok" | "unreachable";
  readonly queue: "ok" | "missing";
  readonly workers: number;
  /** In plain words what is wrong; empty when all is well. */
  readonly reason: string;
}

/** Asks the database, the queue's tables and the workers' signs of life, in one round trip. */
export async function readHealth(db: Tx): Promise<Health> {
  try {
    const rows = await db.$queryRaw<{ queue: boolean; workers: bigint }[]>`
      select to_regclass('pgboss.job') is not null as "queue",
             (select count(*) from "worker"
               where "stoppedAt" is null and "heartbeatAt" > now() - make_interval(secs => ${workerSilenceSeconds})) as "workers"`;
    const queue = rows[0]?.queue ? "ok" : "missing";
    const workers = Number(rows[0]?.workers ?? 0);
    const reason =
      queue === "missing"
        ? "the job queue has not been set up; start a worker"
        : workers === 0
          ? `no worker has given a sign of life for ${workerSilenceSeconds} seconds`
          : "";
    return { status: reason === "" ? "ok" : "unavailable", database: "ok", queue, workers, reason };
  } catch {
    return {
      status: "unavailable",
      database: "unreachable",
      queue: "missing",
      workers: 0,
      reason: "the database does not answer",
    };
  }
}
