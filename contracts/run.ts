import { z } from "zod";
import type { Recipe } from "#engine/recipe.schema.ts";
import { remarkSchema, type Said, saidSchema } from "#engine/remarks/remark.schema.ts";
import type { MeasurementRow } from "./measurement.ts";
import { metricId } from "./measurement.ts";
import type { Problem } from "./problem.ts";
import type { RecipeOrigin } from "./recipe.ts";

export type { Problem };

export const runStates = ["queued", "running", "succeeded", "not_applicable", "failed", "cancelled"] as const;
export type RunState = (typeof runStates)[number];
export const endStates = [
  "succeeded",
  "not_applicable",
  "failed",
  "cancelled",
] as const satisfies readonly RunState[];

export function hasEnded(state: RunState): boolean {
  return endStates.some((end) => end === state);
}

/** What a worker reports besides the engine's own codes. */
export const workerProblems = [
  "notApplicable",
  "childCrashed",
  "childKilled",
  "outOfMemory",
  "timeLimit",
  "workerLost",
  "storeFull",
  "notReady",
  "internal",
] as const;
export type WorkerProblem = (typeof workerProblems)[number];

export const progressSchema = z.object({
  fraction: z.number().min(0).max(1),
  /** What is being done now, such as `compress`, `quality` or `latency`. */
  step: z.string().max(60),
  etaSeconds: z.number().nonnegative().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

/** What the engine says it did, step by step. */
export const runReportSchema = z.object({
  outcome: z.enum(["baseline", "compressed", "not-applicable"]),
  steps: z.array(
    z.object({
      use: z.string(),
      seconds: z.number().optional(),
      changed: z.array(z.object({ name: z.string(), what: saidSchema })),
      skipped: z.array(z.object({ name: z.string(), reason: saidSchema })),
      /** Entries of the two lists beyond those kept. */
      changedMore: z.int().nonnegative(),
      skippedMore: z.int().nonnegative(),
    }),
  ),
  warnings: z.array(saidSchema),
});
export type RunReport = z.infer<typeof runReportSchema>;

export interface RunRow {
  readonly id: string;
  readonly experimentId: string;
  readonly number: number;
  readonly isBaseline: boolean;
  readonly recipeName: string;
  readonly state: RunState;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly cancelRequested: boolean;
  readonly progress: Progress | null;
  readonly problem: Problem | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** The chosen columns, by metric ID; a metric that the run lacks is absent. */
  readonly values: Readonly<Record<string, RunValue>>;
}

/** A cell of the run table: enough to show it honestly. The rest stands in the run's own page. */
export type RunValue = Pick<
  MeasurementRow,
  "value" | "unit" | "interval" | "n" | "tier" | "method" | "baselineDelta" | "qualityKey" | "performanceKey"
>;

export interface RunDetail extends Omit<RunRow, "values"> {
  readonly experimentNumber: number;
  readonly question: string;
  readonly recipe: Recipe;
  /** The saved recipe that it was launched with; null for any other. */
  readonly recipeOrigin: RecipeOrigin | null;
  readonly report: RunReport | null;
  readonly lastSeq: number;
  readonly baselineRunId: string | null;
  readonly modelVersionId: string;
  readonly datasetVersionId: string | null;
  /** The model that its steps learn from; null where none does, or where it is the model itself. */
  readonly teacherVersionId: string | null;
  /** Nothing is known of the model's training data: its test items may have been trained on. */
  readonly overlapUnknown: boolean;
  /** What was measured has never been trained: its quality is that of chance. */
  readonly isUntrained: boolean;
  /** The smaller model, where the run made one. */
  readonly outputVersionId: string | null;
  readonly worker: { readonly hostName: string; readonly facts: unknown } | null;
  readonly measurements: readonly MeasurementRow[];
  readonly series: readonly SeriesRow[];
}

export interface SeriesRow {
  readonly name: string;
  readonly lastStep: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

const bound = z.object({ metric: metricId, min: z.number().optional(), max: z.number().optional() });

export const runFilter = z.object({
  states: z.array(z.enum(runStates)).max(runStates.length).default([]),
  recipes: z.array(z.string().max(100)).max(50).default([]),
  /** Part of a recipe's name, or a run's number. */
  text: z.string().trim().max(100).default(""),
  bounds: z.array(bound).max(10).default([]),
});
export type RunFilter = z.output<typeof runFilter>;

export const runSort = z.object({
  /** A column of the run itself, or a metric. */
  by: z.union([z.enum(["number", "recipe", "state"]), metricId]),
  descending: z.boolean().default(false),
});
export type RunSort = z.output<typeof runSort>;

export const runTableInput = z.object({
  experimentId: z.uuid(),
  filter: runFilter.prefault({}),
  sort: runSort.prefault({ by: "number" }),
  columns: z.array(metricId).max(50).default([]),
  cursor: z.string().max(300).nullish(),
  limit: z.int().min(1).max(200).default(50),
});
export type RunTableInput = z.output<typeof runTableInput>;

export interface RunTable {
  readonly rows: readonly RunRow[];
  readonly nextCursor: string | null;
  /** Runs that match the filter. */
  readonly total: number;
}

export const runId = z.object({ runId: z.uuid() });

export const pointsInput = runId.extend({
  name: z.string().min(1).max(80),
  from: z.int().optional(),
  to: z.int().optional(),
  /** At most about this many points come back. */
  points: z.int().min(2).max(2_000).default(400),
});

export interface PointSeries {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** True where extremes of buckets stand for the points themselves. */
  readonly downsampled: boolean;
}

export const logInput = runId.extend({
  after: z.int().min(0).default(0),
  limit: z.int().min(1).max(1_000).default(500),
});

/** What stands beside a line of the log that has words in other languages. */
const lineData = z.object({ remark: remarkSchema });

/** What a line of the log says; its English text where that is all there is, as in lines of earlier versions. */
export const saidInLine = ({ text, data }: Pick<RunLogLine, "text" | "data">): Said =>
  lineData.safeParse(data).data?.remark ?? text;

export interface RunLogLine {
  readonly seq: number;
  readonly attempt: number;
  readonly kind: string;
  readonly level: "info" | "warn" | "error";
  readonly text: string;
  readonly data: unknown;
  readonly at: Date;
}

export const examplesInput = runId.extend({
  /** `changed`: prediction differs from the baseline's; `wrong`: differs from the label. */
  show: z.enum(["changed", "wrong", "all"]).default("changed"),
  offset: z.int().min(0).max(10_000_000).default(0),
  limit: z.int().min(1).max(200).default(50),
});

export interface Example {
  /** Row of the item in the dataset. */
  readonly item: number;
  readonly label: number;
  readonly prediction: number;
  /** Prediction of the run compared with; null where there is none. */
  readonly other: number | null;
}

export interface RunExamplesPage {
  readonly split: string;
  readonly items: number;
  readonly matching: number;
  readonly rows: readonly Example[];
}

export const compareInput = z.object({ runIds: z.array(z.uuid()).min(2).max(8) });

export interface ClassChange {
  readonly label: number;
  readonly items: number;
  readonly correctFirst: number;
  readonly correctOther: number;
}

/** A run beside the first one of the comparison. */
export interface Comparison {
  readonly runId: string;
  readonly comparable: boolean;
  /** Why per-item results cannot be compared: no examples, another split, other items. */
  readonly reason: string | null;
  readonly items: number;
  readonly bothCorrect: number;
  readonly bothWrong: number;
  readonly gained: number;
  readonly lost: number;
  readonly perClass: readonly ClassChange[];
  readonly disagreeing: readonly Example[];
}

export interface RunComparison {
  readonly runs: readonly (RunDetail & { readonly comparison: Comparison | null })[];
}

/** What a run's page gets while it is open. */
export interface RunLive {
  readonly state: RunState;
  readonly attempt: number;
  readonly cancelRequested: boolean;
  readonly progress: Progress | null;
  readonly problem: Problem | null;
  readonly lines: readonly RunLogLine[];
  readonly series: readonly SeriesRow[];
  /** New points since the stream began; more than a few hundred are left out, and `pointsCut` says so. */
  readonly points: readonly { readonly name: string; readonly step: number; readonly value: number }[];
  readonly pointsCut: boolean;
  /** Measurements were written since the last message: read them again. */
  readonly measured: boolean;
}
