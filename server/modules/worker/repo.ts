import { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "#server/db/client.ts";

export async function register(
  tx: Tx,
  worker: { id: string; hostName: string; pid: number; facts: Prisma.InputJsonObject },
): Promise<void> {
  const now = new Date();
  // Repeated when the first answer was lost with the connection.
  await tx.worker.upsert({
    where: { id: worker.id },
    create: { ...worker, startedAt: now, heartbeatAt: now },
    update: { heartbeatAt: now, stoppedAt: null },
    select: { id: true },
  });
}

/** By the database's clock, which all processes share. */
export async function heartbeat(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`update "worker" set "heartbeatAt" = now() where "id" = ${id}::uuid`;
}

export async function markStopped(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`update "worker" set "stoppedAt" = now() where "id" = ${id}::uuid`;
}

/** Workers that have been heard of lately. */
export function alive(tx: Tx, silentSeconds: number) {
  return tx.$queryRaw<{ id: string; hostName: string; heartbeatAt: Date }[]>`
    select "id", "hostName", "heartbeatAt" from "worker"
    where "stoppedAt" is null and "heartbeatAt" > now() - make_interval(secs => ${silentSeconds})
    order by "startedAt" limit 1000`;
}

/** Registrations under check for which no job is waiting or at work: the queue has given them up. */
export function abandoned(tx: Tx) {
  const hasJob = (name: string, id: Prisma.Sql) => Prisma.sql`exists (
    select 1 from "pgboss"."job" j where j."name" = ${name} and j."singleton_key" = ${id}::text
      and j."state" in ('created', 'retry', 'active'))`;
  return tx.$queryRaw<{ subject: "modelVersion" | "datasetVersion"; id: string }[]>`
    select 'modelVersion' as "subject", v."id" from "model_version" v
    where v."state" = 'checking' and not ${hasJob("model.inspect", Prisma.sql`v."id"`)}
    union all
    select 'datasetVersion', d."id" from "dataset_version" d
    where d."state" = 'checking' and not ${hasJob("dataset.ingest", Prisma.sql`d."id"`)}
    limit 100`;
}
