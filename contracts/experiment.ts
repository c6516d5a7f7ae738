import { z } from "zod";
import { metricId } from "./measurement.ts";
import { storedRecipe } from "./recipe.ts";
import type { RunRow, RunState } from "./run.ts";
import { slug } from "./slug.ts";

/** A named recipe by its name, one that the project saved by its version, or a recipe as it stands. */
const recipeChoice = z.union([
  z.string().min(1).max(100),
  z.strictObject({ recipeVersionId: z.uuid() }),
  storedRecipe,
]);
export type RecipeChoice = z.output<typeof recipeChoice>;
const recipes = z.array(recipeChoice).min(1).max(50);
/** A version of a model that steps learn from; without it they learn from the experiment's own model. */
const teacherVersionId = z.uuid().nullable().default(null);

/** How long latency and energy are measured: `quick` in seconds, `standard` as published results ask for. */
export const protocols = ["quick", "standard"] as const;
export type Protocol = (typeof protocols)[number];

export const createExperimentInput = z.object({
  project: slug,
  question: z.string().trim().min(1).max(500),
  modelVersionId: z.uuid(),
  /** Without a dataset, runs are compared with the original by fidelity alone. */
  datasetVersionId: z.uuid().nullable(),
  recipes,
  teacherVersionId,
  protocol: z.enum(protocols).default("quick"),
  seed: z.int().min(0).max(0xffff_ffff).default(0),
});
export const addRunsInput = z.object({ experimentId: z.uuid(), recipes, teacherVersionId });
export const listExperimentsInput = z.object({
  project: slug,
  cursor: z.int().positive().nullish(),
  limit: z.int().min(1).max(100).default(30),
});
/** By its ID, or by its number in a project as addresses show it. */
export const getExperimentInput = z.union([
  z.object({ experimentId: z.uuid() }),
  z.object({ project: slug, number: z.int().positive() }),
]);
export const experimentLiveInput = z.object({
  experimentId: z.uuid(),
  columns: z.array(metricId).max(50).default([]),
});

export type RunCounts = Readonly<Record<RunState, number>>;

export interface ExperimentRow {
  readonly id: string;
  readonly number: number;
  readonly question: string;
  readonly protocol: Protocol;
  readonly seed: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly model: {
    readonly versionId: string;
    readonly slug: string;
    readonly name: string;
    readonly number: number;
  };
  readonly dataset: {
    readonly versionId: string;
    readonly slug: string;
    readonly name: string;
    readonly number: number;
    readonly task: string;
  } | null;
  readonly counts: RunCounts;
}

export interface ExperimentDetail extends ExperimentRow {
  readonly projectSlug: string;
  readonly baselineRunId: string;
  readonly overlapUnknown: boolean;
  /** The model has never been trained: its quality is that of chance. */
  readonly isUntrained: boolean;
  /** Every metric that a run of it has, for choosing columns. */
  readonly metrics: readonly { readonly id: string; readonly unit: string; readonly derived: boolean }[];
  readonly recipeNames: readonly string[];
}

export interface ExperimentLive {
  /** Events may have been missed: read the table again. */
  readonly refresh: boolean;
  readonly runs: readonly RunRow[];
  readonly counts: RunCounts;
}
