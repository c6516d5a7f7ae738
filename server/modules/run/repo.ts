import type { OrganisationScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

const row = {
  id: true,
  experimentId: true,
  number: true,
  isBaseline: true,
  recipeName: true,
  state: true,
  attempt: true,
  maxAttempts: true,
  cancelRequestedAt: true,
  progress: true,
  problem: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
} as const;

export function findMany(tx: Tx, organisationId: string, ids: readonly string[]) {
  return tx.run.findMany({ where: { organisationId, id: { in: [...ids] } }, select: row });
}
export type FoundRow = Awaited<ReturnType<typeof findMany>>[number];

/** Takes the owner's ID so that a share grant can read its one run too; members come with their scope's. */
export function find(tx: Tx, organisationId: string, id: string) {
  return tx.run.findFirst({
    where: { id, organisationId },
    select: {
      ...row,
      projectId: true,
      recipe: true,
      recipeVersion: { select: { number: true, recipe: { select: { slug: true, name: true } } } },
      teacherVersionId: true,
      report: true,
      lastSeq: true,
      workerId: true,
      experiment: {
        select: {
          number: true,
          question: true,
          modelVersionId: true,
          datasetVersionId: true,
          modelVersion: { select: { model: { select: { trainingData: true } } } },
          runs: { where: { isBaseline: true }, select: { id: true }, orderBy: { number: "asc" }, take: 1 },
        },
      },
    },
  });
}
export type FoundRun = NonNullable<Awaited<ReturnType<typeof find>>>;

/** Throws nothing and gives null for a run of another organisation. */
export function place(tx: Tx, scope: OrganisationScope, id: string) {
  return tx.run.findFirst({
    where: { id, organisationId: scope.organisationId },
    select: { id: true, state: true, attempt: true, experimentId: true, projectId: true },
  });
}

export function outputVersion(tx: Tx, organisationId: string, runId: string) {
  return tx.modelVersion.findFirst({ where: { organisationId, runId }, select: { id: true } });
}

export function worker(tx: Tx, id: string) {
  return tx.worker.findUnique({ where: { id }, select: { hostName: true, facts: true } });
}

export function series(tx: Tx, runId: string) {
  return tx.metricSeries.findMany({
    where: { runId },
    select: { name: true, lastStep: true, last: true, min: true, max: true, count: true },
    orderBy: { name: "asc" },
    take: 500,
  });
}

export function countMeasurements(tx: Tx, runId: string): Promise<number> {
  return tx.measurement.count({ where: { runId } });
}

export function events(tx: Tx, runId: string, after: number, take: number) {
  return tx.runEvent.findMany({
    where: { runId, seq: { gt: after } },
    select: { seq: true, attempt: true, kind: true, level: true, text: true, data: true, at: true },
    orderBy: { seq: "asc" },
    take,
  });
}

/** Runs of the experiment that have not ended. */
export async function activeIds(
  tx: Tx,
  scope: OrganisationScope,
  experimentId: string,
  take: number,
): Promise<string[]> {
  const found = await tx.run.findMany({
    where: { organisationId: scope.organisationId, experimentId, state: { in: ["queued", "running"] } },
    select: { id: true },
    orderBy: { number: "asc" },
    take,
  });
  return found.map((run) => run.id);
}
