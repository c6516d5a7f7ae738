import { z } from "zod";
import { datasetSummarySchema } from "#engine/evaluate/dataset/summary.schema.ts";
import { conversionSchema } from "#engine/formats/conversion.schema.ts";
import { inspectionSchema } from "#engine/inspect.schema.ts";
import { recipeSchema } from "#engine/recipe.schema.ts";
import { remarkSchema } from "#engine/remarks/remark.schema.ts";
import { protocols } from "./experiment.ts";
import { measuredSchema } from "./measurement.ts";
import { problemSchema } from "./problem.ts";
import { progressSchema, runReportSchema } from "./run.ts";

/**
 * What a worker and the child process of one job say to each other. The child knows files and numbers, never the
 * database; whatever it says is parsed, because a hostile model may have taken it over.
 */
const path = z.string().min(1).max(4_096);

const files = z.record(z.string().max(255), path);

export const childTask = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("inspect"),
    modelPath: path,
    fileName: z.string().max(500),
    /** All files of a model that may have to be converted, by name; null for what has to be ONNX. */
    sources: files.nullable(),
    /** Where the child may write; removed afterwards. */
    workFolder: path,
  }),
  z.strictObject({ kind: z.literal("ingest"), manifest: z.unknown(), files }),
  z.strictObject({
    kind: z.literal("run"),
    modelPath: path,
    recipe: recipeSchema,
    isBaseline: z.boolean(),
    /** The model that steps learn from; null for the model itself. */
    teacherPath: path.nullable(),
    dataset: z.strictObject({ manifest: z.unknown(), files, digest: z.string() }).nullable(),
    protocol: z.enum(protocols),
    seed: z.int().nonnegative(),
    /** Where the child may write; removed afterwards. */
    workFolder: path,
    /** The most that the process may take, its own processes included; more ends it. */
    memoryBytes: z.number().positive(),
    checkpoints: z.strictObject({
      /** Stays when the process or its worker ends, until the run has ended. */
      folder: path,
      everySeconds: z.number().positive(),
      /** Hashes of what is trained and on what: a checkpoint of anything else is not taken. */
      subject: z.array(z.string().max(100)),
    }),
    /** What those who wait for the measurement lock are shown. */
    label: z.string().max(200),
    /** Name of that lock; null for that of the host. */
    measureLock: z.string().max(60).nullable(),
  }),
]);
export type ChildTask = z.infer<typeof childTask>;
export type RunTask = Extract<ChildTask, { kind: "run" }>;

const float64s = z.instanceof(Float64Array);
const int32s = z.instanceof(Int32Array);

/** Most points in one message, and lines of a log. */
export const maxPointsPerMessage = 100_000;
export const maxLineLength = 4_000;

export const childMessage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({ kind: z.literal("progress"), progress: progressSchema }),
  z.strictObject({
    kind: z.literal("log"),
    level: z.enum(["info", "warn", "error"]),
    said: z.union([z.string().max(maxLineLength), remarkSchema]),
  }),
  /** Points of one series: the value at each step. */
  z
    .strictObject({
      kind: z.literal("points"),
      name: z.string().min(1).max(80),
      steps: int32s,
      values: float64s,
    })
    .refine(
      (points) => points.steps.length === points.values.length && points.steps.length <= maxPointsPerMessage,
    ),
  z.strictObject({ kind: z.literal("measurements"), measurements: z.array(measuredSchema).max(200) }),
  z
    .strictObject({
      kind: z.literal("examples"),
      split: z.string().max(20),
      items: int32s,
      labels: int32s,
      predictions: int32s,
    })
    .refine((e) => e.items.length === e.labels.length && e.items.length === e.predictions.length),
  z.strictObject({
    kind: z.literal("inspected"),
    inspection: inspectionSchema,
    /** The ONNX file that was made of files of another format, and how. */
    converted: z.strictObject({ outputPath: path, conversion: conversionSchema }).nullable(),
  }),
  z.strictObject({
    kind: z.literal("ingested"),
    summary: datasetSummarySchema,
    digest: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  z.strictObject({
    kind: z.literal("ran"),
    report: runReportSchema,
    /** The smaller model; null for the baseline and where nothing was applicable. */
    outputPath: path.nullable(),
    /** What the same inspection as at an upload says of it. */
    inspection: inspectionSchema.nullable(),
  }),
  /** The task cannot be done, for a reason that lies in its files. */
  z.strictObject({ kind: z.literal("failed"), problem: problemSchema }),
]);
export type ChildMessage = z.infer<typeof childMessage>;

export const parentMessage = z.strictObject({ kind: z.literal("start"), task: childTask });
export type ParentMessage = z.infer<typeof parentMessage>;
