import type { Recipe } from "#engine/recipe.schema.ts";
import { parseRecipe } from "#engine/recipes.ts";
import type { Db } from "#server/db/client.ts";
import { create as createBenchmark, submit } from "#server/modules/benchmark/service.ts";
import { create as createExperiment } from "#server/modules/experiment/service.ts";
import { save as saveRecipe } from "#server/modules/recipe/service.ts";
import { create as createShare } from "#server/modules/share/service.ts";
import { organisations } from "./accounts.ts";
import type { Actor } from "./people.ts";

/** 90 % is where zeros begin to cost accuracy on these small models. */
const prune90: Recipe = parseRecipe("name: prune 90 %\nsteps:\n  - {use: prune.magnitude, sparsity: 0.9}\n");

export const demoRecipes = ["float16", "int8-dynamic", "prune-magnitude", prune90] as const;

/** Launches real runs; nothing of their results is known here. Returns the experiment's ID. */
export async function ensureExperiment(
  db: Db,
  actor: Actor,
  at: { project: string; projectId: string },
  about: { question: string; modelVersionId: string; datasetVersionId: string },
): Promise<string> {
  const present = await db.experiment.findFirst({
    where: { projectId: at.projectId, question: about.question },
  });
  if (present) return present.id;
  const made = await createExperiment(db, await actor.may("experiment.create"), {
    project: at.project,
    ...about,
    recipes: [...demoRecipes],
    teacherVersionId: null,
    protocol: "quick",
    seed: 0,
  });
  return made.id;
}

/** A recipe of two steps, to be launched by whoever looks around. */
const pruneAndCast: Recipe = parseRecipe(
  "name: prune, then 16 bits\nsteps:\n  - {use: prune.magnitude, sparsity: 0.8}\n  - {use: cast.float16}\n",
);

export async function ensureRecipe(
  db: Db,
  actor: Actor,
  at: { project: string; projectId: string },
): Promise<void> {
  const { name } = pruneAndCast;
  if (await db.recipe.findFirst({ where: { projectId: at.projectId, name } })) return;
  await saveRecipe(db, await actor.may("recipe.save"), {
    project: at.project,
    recipe: pruneAndCast,
    note: "Zeros compress well, and half the bits are enough for what stays.",
  });
}

/** Waits for the experiment's runs, then opens a public board with them and shares the experiment with the partner. */
export async function publish(
  db: Db,
  actor: Actor,
  experimentId: string,
  signal: AbortSignal,
): Promise<void> {
  const slug = "glyphs-small-and-accurate";
  if (await db.benchmark.findUnique({ where: { slug } })) return;
  let runs = await db.run.findMany({ where: { experimentId }, orderBy: { number: "asc" } });
  while (runs.some((run) => run.state === "queued" || run.state === "running")) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    if (signal.aborted) return;
    runs = await db.run.findMany({ where: { experimentId }, orderBy: { number: "asc" } });
  }
  const baseline = runs.find((run) => run.isBaseline && run.state === "succeeded");
  if (!baseline) return;
  const { slug: benchmark } = await createBenchmark(db, await actor.may("benchmark.create"), {
    name: "Glyphs, small and accurate",
    description: "Pictograms of 28 × 28 pixels, test split as given. Any variant of any model may enter.",
    baselineRunId: baseline.id,
    qualityMetric: "quality/top1",
    isPublic: true,
  });
  for (const run of runs) {
    if (run.isBaseline || run.state !== "succeeded") continue;
    await submit(db, await actor.may("benchmark.submit"), {
      benchmark,
      runId: run.id,
      title: run.recipeName,
    });
  }
  await createShare(db, await actor.may("share.create"), {
    subject: "experiment",
    subjectId: experimentId,
    audience: { kind: "organisation", slug: organisations.partner.slug },
    canDownload: true,
    days: null,
  });
}
