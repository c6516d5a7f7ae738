import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type {
  addRunsInput,
  createExperimentInput,
  ExperimentDetail,
  ExperimentRow,
  getExperimentInput,
  listExperimentsInput,
  RecipeChoice,
  RunCounts,
} from "#contracts/experiment.ts";
import { metricIdOf } from "#contracts/measurement.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { usesTeacher } from "#engine/passes/needs.ts";
import type { Recipe } from "#engine/recipe.schema.ts";
import { findRecipe } from "#engine/recipes.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { notify } from "#server/live/notify.ts";
import { derivedFor } from "#server/modules/measurement/derive.ts";
import { isUntrained } from "#server/modules/model/service.ts";
import { namesOf } from "#server/modules/person/service.ts";
import { requireProject } from "#server/modules/project/service.ts";
import { recipesToLaunch } from "#server/modules/recipe/service.ts";
import { priorityOf } from "#server/modules/run/step/service.ts";
import { enqueue } from "#server/queue/enqueue.ts";
import * as repo from "./repo.ts";
import { countsBy, toRow } from "./rows.ts";

/** Runs that one experiment can hold. */
const maxRuns = 20_000;
/** The empty recipe. */
const baselineRecipe: Recipe = { name: "baseline", seed: 0, steps: [] };

type Planned = Omit<repo.NewRun, "number" | "isBaseline">;
type LaunchInput = Pick<z.output<typeof addRunsInput>, "recipes" | "teacherVersionId">;

/**
 * Named recipes take the experiment's seed; all others are launched exactly as they stand. The teacher belongs to those
 * that learn from one.
 */
async function resolveRecipes(
  tx: Tx,
  scope: OrganisationScope,
  projectId: string,
  { recipes: choices, teacherVersionId }: LaunchInput,
  seed: number,
): Promise<Planned[]> {
  if (teacherVersionId !== null) await requireModel(tx, scope, projectId, teacherVersionId);
  const ids = choices.flatMap((choice) => (isSaved(choice) ? choice.recipeVersionId : []));
  const saved = await recipesToLaunch(tx, scope, projectId, ids);
  const planned = choices.map((choice) => {
    if (isSaved(choice)) {
      const { recipe, label } = saved(choice.recipeVersionId);
      return { recipe, recipeName: label, recipeVersionId: choice.recipeVersionId };
    }
    if (typeof choice !== "string") return { recipe: choice, recipeName: choice.name, recipeVersionId: null };
    const found = findRecipe(choice);
    if (!found) throw new AppError("invalidInput", { fields: "recipes", recipe: choice });
    return { recipe: { ...found.recipe, seed }, recipeName: choice, recipeVersionId: null };
  });
  return planned.map((run) => ({
    ...run,
    teacherVersionId: usesTeacher(run.recipe.steps) ? teacherVersionId : null,
  }));
}

function isSaved(choice: RecipeChoice): choice is { recipeVersionId: string } {
  return typeof choice !== "string" && "recipeVersionId" in choice;
}

/** Runs and their jobs, in the caller's transaction: both exist or neither does. */
async function launch(
  tx: Tx,
  scope: OrganisationScope,
  at: { experimentId: string; projectId: string },
  recipes: readonly Omit<repo.NewRun, "number">[],
): Promise<string[]> {
  const last = await repo.lastRunNumber(tx, at.experimentId);
  if (last + recipes.length > maxRuns)
    throw new AppError("invalidInput", { fields: "recipes", limit: maxRuns });
  const runs = await repo.insertRuns(
    tx,
    scope,
    at,
    recipes.map((entry, index) => ({ ...entry, number: last + 1 + index })),
  );
  for (const run of runs) await enqueue(tx, "run.execute", { runId: run.id }, { priority: priorityOf(run) });
  const first = runs[0];
  if (first) await notify(tx, { kind: "run", runId: first.id, ...at });
  return runs.map((run) => run.id);
}

/** A version of a model of the project that can be used. */
async function requireModel(tx: Tx, scope: OrganisationScope, projectId: string, id: string): Promise<void> {
  const model = await repo.readyModelVersion(tx, scope, projectId, id);
  if (!model) throw new AppError("notFound");
  if (model.state !== "ready") throw new AppError("notReady");
}

async function requireReady(
  tx: Tx,
  scope: OrganisationScope,
  projectId: string,
  input: { modelVersionId: string; datasetVersionId: string | null },
) {
  await requireModel(tx, scope, projectId, input.modelVersionId);
  if (input.datasetVersionId === null) return;
  const dataset = await repo.readyDatasetVersion(tx, scope, projectId, input.datasetVersionId);
  if (!dataset) throw new AppError("notFound");
  if (dataset.state !== "ready") throw new AppError("notReady");
}

export async function create(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof createExperimentInput>,
): Promise<{ id: string; number: number; runIds: string[] }> {
  const project = await requireProject(db, scope, input.project);
  return db.$transaction(async (tx) => {
    const recipes = await resolveRecipes(tx, scope, project.id, input, input.seed);
    await requireReady(tx, scope, project.id, input);
    const number = await repo.nextNumber(tx, project.id);
    const { question, modelVersionId, datasetVersionId, protocol, seed } = input;
    const data = {
      projectId: project.id,
      number,
      question,
      modelVersionId,
      datasetVersionId,
      protocol,
      seed,
    };
    const { id } = await repo.insert(tx, scope, data);
    const runIds = await launch(tx, scope, { experimentId: id, projectId: project.id }, [
      {
        recipe: { ...baselineRecipe, seed },
        recipeName: baselineRecipe.name,
        recipeVersionId: null,
        teacherVersionId: null,
        isBaseline: true,
      },
      ...recipes.map((recipe) => ({ ...recipe, isBaseline: false })),
    ]);
    return { id, number, runIds };
  });
}

export async function addRuns(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof addRunsInput>,
): Promise<{ runIds: string[] }> {
  const { id, projectId, seed } = await requireExperiment(db, scope, input.experimentId);
  const at = { experimentId: id, projectId };
  const runIds = await db.$transaction(async (tx) => {
    const recipes = await resolveRecipes(tx, scope, projectId, input, seed);
    return launch(
      tx,
      scope,
      at,
      recipes.map((recipe) => ({ ...recipe, isBaseline: false })),
    );
  });
  return { runIds };
}

/** The experiment of that ID in the scope's organisation; `notFound` otherwise. */
export async function requireExperiment(tx: Tx, scope: OrganisationScope, id: string): Promise<repo.Found> {
  const found = await repo.find(tx, scope, { id });
  if (!found) throw new AppError("notFound");
  return found;
}

export async function counts(tx: Tx, scope: OrganisationScope, experimentId: string): Promise<RunCounts> {
  return countsBy(await repo.countStates(tx, scope, [experimentId]))(experimentId);
}

export async function list(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof listExperimentsInput>,
): Promise<{ rows: ExperimentRow[]; nextCursor: number | null }> {
  const project = await requireProject(db, scope, input.project);
  const found = await repo.list(db, scope, project.id, input.cursor ?? undefined, input.limit + 1);
  const page = found.slice(0, input.limit);
  const [people, states] = await Promise.all([
    namesOf(
      db,
      scope,
      page.map((row) => row.createdById),
    ),
    repo.countStates(
      db,
      scope,
      page.map((row) => row.id),
    ),
  ]);
  const countsOf = countsBy(states);
  return {
    rows: page.map((row) => toRow(row, people(row.createdById), countsOf(row.id))),
    nextCursor: found.length > page.length ? (page.at(-1)?.number ?? null) : null,
  };
}

async function locate(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof getExperimentInput>,
): Promise<repo.Found> {
  if ("experimentId" in input) return requireExperiment(db, scope, input.experimentId);
  const project = await requireProject(db, scope, input.project);
  const found = await repo.find(db, scope, { projectId: project.id, number: input.number });
  if (!found) throw new AppError("notFound");
  return found;
}

export async function get(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof getExperimentInput>,
): Promise<ExperimentDetail> {
  const found = await locate(db, scope, input);
  const [people, own, baseline, metrics, recipeNames, untrained] = await Promise.all([
    namesOf(db, scope, [found.createdById]),
    counts(db, scope, found.id),
    repo.baseline(db, scope, found.id),
    repo.metrics(db, scope, found.id),
    repo.recipeNames(db, scope, found.id),
    isUntrained(db, scope.organisationId, found.modelVersion.id),
  ]);
  const stored = metrics.map((metric) => ({ id: metricIdOf(metric), unit: metric.unit, derived: false }));
  const derived = metrics.flatMap((metric) =>
    derivedFor(metric.name).map(({ name, unit }) => ({
      id: metricIdOf({ ...metric, name }),
      unit,
      derived: true,
    })),
  );
  return {
    ...toRow(found, people(found.createdById), own),
    projectSlug: found.project.slug,
    baselineRunId: baseline?.id ?? "",
    overlapUnknown: found.datasetVersion !== null && found.modelVersion.model.trainingData.trim() === "",
    isUntrained: untrained,
    metrics: [...stored, ...derived],
    recipeNames,
  };
}
