import type { OrganisationScope } from "#contracts/scope.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import type { Tx } from "#server/db/client.ts";

const row = {
  id: true,
  number: true,
  question: true,
  protocol: true,
  seed: true,
  createdAt: true,
  createdById: true,
  projectId: true,
  project: { select: { slug: true } },
  modelVersion: {
    select: { id: true, number: true, model: { select: { slug: true, name: true, trainingData: true } } },
  },
  datasetVersion: {
    select: { id: true, number: true, task: true, dataset: { select: { slug: true, name: true } } },
  },
} as const;

export type Found = NonNullable<Awaited<ReturnType<typeof find>>>;

export function find(
  tx: Tx,
  scope: OrganisationScope,
  by: { id: string } | { projectId: string; number: number },
) {
  return tx.experiment.findFirst({ where: { organisationId: scope.organisationId, ...by }, select: row });
}

export function list(
  tx: Tx,
  scope: OrganisationScope,
  projectId: string,
  before: number | undefined,
  take: number,
) {
  return tx.experiment.findMany({
    where: {
      organisationId: scope.organisationId,
      projectId,
      ...(before !== undefined && { number: { lt: before } }),
    },
    select: row,
    orderBy: { number: "desc" },
    take,
  });
}

/** Locks the project, so that two experiments never get the same number. */
export async function nextNumber(tx: Tx, projectId: string): Promise<number> {
  await tx.$queryRaw`select 1 from "project" where "id" = ${projectId}::uuid for update`;
  const last = await tx.experiment.aggregate({ where: { projectId }, _max: { number: true } });
  return (last._max.number ?? 0) + 1;
}

export function insert(
  tx: Tx,
  scope: OrganisationScope,
  data: {
    projectId: string;
    number: number;
    question: string;
    modelVersionId: string;
    datasetVersionId: string | null;
    protocol: string;
    seed: number;
  },
) {
  return tx.experiment.create({
    data: { ...data, organisationId: scope.organisationId, createdById: scope.userId },
    select: { id: true },
  });
}

/** Locks the experiment, so that two runs never get the same number. */
export async function lastRunNumber(tx: Tx, experimentId: string): Promise<number> {
  await tx.$queryRaw`select 1 from "experiment" where "id" = ${experimentId}::uuid for update`;
  const last = await tx.run.aggregate({ where: { experimentId }, _max: { number: true } });
  return last._max.number ?? 0;
}

export interface NewRun {
  readonly number: number;
  readonly isBaseline: boolean;
  readonly recipeName: string;
  readonly recipe: Recipe;
  readonly recipeVersionId: string | null;
  readonly teacherVersionId: string | null;
}

export function insertRuns(
  tx: Tx,
  scope: OrganisationScope,
  at: { experimentId: string; projectId: string },
  runs: readonly NewRun[],
) {
  return tx.run.createManyAndReturn({
    data: runs.map((run) => ({
      ...at,
      ...run,
      organisationId: scope.organisationId,
      createdById: scope.userId,
    })),
    select: { id: true, isBaseline: true },
  });
}

/** Runs per state of each of these experiments. */
export function countStates(tx: Tx, scope: OrganisationScope, experimentIds: readonly string[]) {
  return tx.run.groupBy({
    by: ["experimentId", "state"],
    where: { organisationId: scope.organisationId, experimentId: { in: [...experimentIds] } },
    _count: { _all: true },
  });
}

export function baseline(tx: Tx, scope: OrganisationScope, experimentId: string) {
  return tx.run.findFirst({
    where: { organisationId: scope.organisationId, experimentId, isBaseline: true },
    select: { id: true },
    orderBy: { number: "asc" },
  });
}

/**
 * Metrics that runs of the experiment have, those under way too. A sample of runs tells, because all of one experiment
 * measure the same; the baseline has no fidelity, so that it alone would not do.
 */
export function metrics(tx: Tx, scope: OrganisationScope, experimentId: string) {
  const { organisationId } = scope;
  return tx.$queryRaw<{ name: string; split: string; unit: string }[]>`
    with own as (
      select "id", "number", "state" from "run"
      where "experimentId" = ${experimentId}::uuid and "organisationId" = ${organisationId}::uuid
    )
    select distinct m."name", m."split", m."unit" from (
      (select "id" from own where "state" = 'succeeded' order by "number" desc limit 12)
      union all
      (select "id" from own where "state" in ('running', 'failed', 'cancelled') order by "number" desc limit 12)
    ) r join "measurement" m on m."runId" = r."id" order by m."name", m."split"`;
}

export async function recipeNames(tx: Tx, scope: OrganisationScope, experimentId: string): Promise<string[]> {
  // Grouped by the database: `distinct` of the client reads every run.
  const names = await tx.run.groupBy({
    by: ["recipeName"],
    where: { organisationId: scope.organisationId, experimentId },
    orderBy: { recipeName: "asc" },
    take: 200,
  });
  return names.map((entry) => entry.recipeName);
}

/** A model version that can be used in this project; null for any other. */
export function readyModelVersion(tx: Tx, scope: OrganisationScope, projectId: string, id: string) {
  return tx.modelVersion.findFirst({
    where: { id, projectId, organisationId: scope.organisationId },
    select: { id: true, state: true },
  });
}

export function readyDatasetVersion(tx: Tx, scope: OrganisationScope, projectId: string, id: string) {
  return tx.datasetVersion.findFirst({
    where: { id, projectId, organisationId: scope.organisationId },
    select: { id: true, state: true },
  });
}
