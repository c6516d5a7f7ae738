import { type Protocol, protocols } from "#contracts/experiment.ts";
import type { Problem } from "#contracts/problem.ts";
import type { WorkerScope } from "#contracts/scope.ts";
import { type Recipe, recipeSchema } from "#engine/recipe.schema.ts";
import type { Tx } from "#server/db/client.ts";
import { problemOf, sayOfRun } from "#server/lib/log-line.ts";
import * as repo from "./repo.ts";

/** A run as a worker executes it; files by their hashes. */
export interface RunWork {
  readonly label: string;
  readonly isBaseline: boolean;
  readonly maxAttempts: number;
  readonly recipe: Recipe;
  readonly protocol: Protocol;
  readonly seed: number;
  readonly modelVersionId: string;
  readonly model: { readonly sha256: string; readonly fileName: string };
  /** The model that steps learn from, where it is not the model itself. */
  readonly teacher: { readonly sha256: string } | null;
  readonly dataset: {
    readonly manifest: unknown;
    readonly digest: string;
    readonly files: readonly { readonly name: string; readonly sha256: string }[];
  } | null;
}

const gone = (what: "log.modelGone" | "log.datasetGone" | "log.teacherGone") =>
  problemOf("notReady", sayOfRun(what));

/** What is to be done, or why it cannot be. Undefined where the run is gone. */
export async function workOf(tx: Tx, scope: WorkerScope): Promise<RunWork | Problem | undefined> {
  const run = await repo.find(tx, scope);
  if (!run) return undefined;
  const { experiment } = run;
  const { modelVersion, datasetVersion } = experiment;
  if (modelVersion.state !== "ready" || !modelVersion.artifactId) return gone("log.modelGone");
  if (datasetVersion && (datasetVersion.state !== "ready" || !datasetVersion.digest))
    return gone("log.datasetGone");
  const { teacher } = run;
  if (teacher && (teacher.state !== "ready" || !teacher.artifactId)) return gone("log.teacherGone");
  return {
    label: `experiment ${experiment.number}, run ${run.number}`,
    isBaseline: run.isBaseline,
    maxAttempts: run.maxAttempts,
    recipe: recipeSchema.parse(run.recipe),
    protocol: protocols.find((protocol) => protocol === experiment.protocol) ?? "quick",
    seed: experiment.seed,
    modelVersionId: modelVersion.id,
    model: { sha256: modelVersion.sha256, fileName: modelVersion.fileName },
    teacher: teacher && { sha256: teacher.sha256 },
    dataset: datasetVersion && {
      manifest: datasetVersion.manifest,
      digest: datasetVersion.digest ?? "",
      files: datasetVersion.files.map(({ name, artifact }) => ({ name, sha256: artifact.sha256 })),
    },
  };
}
