import { z } from "zod";
import { english } from "#engine/english.ts";
import { type Dataset, rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import type { SplitName } from "#engine/evaluate/dataset/manifest.schema.ts";
import { scoreOutput } from "#engine/evaluate/tensors/item-outputs.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { runStep } from "#engine/passes/index.ts";
import { silent } from "#engine/passes/pass.ts";
import { type StepInput, stepSchema } from "#engine/passes/step.schema.ts";
import { predict } from "#engine/runtime/predict.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { calibrationOf, loadExecutable, trainingOf } from "#engine/runtime/tools.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import type { QatSubject } from "./subjects.ts";

const calibrations = ["minmax", "moving-average", "percentile", "entropy"] as const;

const formSchema = z.strictObject({
  per_channel: z.boolean(),
  /** That which is best for static quantisation on the tuning split. */
  calibration: z.enum(calibrations),
  /** On the test split: share of items that are right, or the root of the mean squared error. */
  ptq: z.number(),
  qat: z.number(),
  /** No epoch was better than static quantisation, which is then the result. */
  keptStart: z.boolean(),
  seconds: z.number(),
});

/** One subject with one seed. */
export const seedResultSchema = z.strictObject({
  subject: z.string(),
  seed: z.int(),
  float: z.number(),
  forms: z.array(formSchema),
});
export type SeedResult = z.infer<typeof seedResultSchema>;

/** Trains in float32, quantises, and trains in integers. The test split is looked at once for each model that is reported. */
export async function runSeed(subject: QatSubject, seed: number): Promise<SeedResult | undefined> {
  const made = subject.make(seed);
  if (made === undefined) return undefined;
  const { dataset, spec } = made;
  const context = {
    ...silent,
    seed,
    load: loadExecutable,
    calibration: calibrationOf(dataset),
    training: trainingOf(dataset),
  };
  const run = async (source: Model, step: StepInput) => {
    const model = cloneStructure(source);
    const result = await runStep(model, stepSchema.parse(step), context);
    if (result.changed.length === 0)
      throw new Error(`${step.use}: ${result.skipped.map(({ reason }) => english(reason)).join("; ")}`);
    return { model, warnings: result.warnings.map(({ key }) => key) };
  };
  const start = buildArchitecture(spec, seed);
  const float = (await run(start, { use: "train.finetune", ...subject.training })).model;
  const forms: SeedResult["forms"] = [];
  for (const per_channel of [true, false]) {
    const candidates = await Promise.all(
      calibrations.map(async (calibration) => {
        const { model } = await run(float, { use: "quantize.static", per_channel, calibration });
        return { calibration, model, score: await measure(model, dataset, "tuning", subject) };
      }),
    );
    const best = candidates.reduce((a, b) => (isBetter(b.score, a.score, subject) ? b : a));
    const { calibration } = best;
    const began = performance.now();
    const trained = await run(float, { use: "train.qat", per_channel, calibration, ...subject.qat });
    forms.push({
      per_channel,
      calibration,
      ptq: await measure(best.model, dataset, "test", subject),
      qat: await measure(trained.model, dataset, "test", subject),
      keptStart: trained.warnings.includes("train-qat.keptStart"),
      seconds: (performance.now() - began) / 1000,
    });
  }
  return { subject: subject.name, seed, float: await measure(float, dataset, "test", subject), forms };
}

function isBetter(a: number, b: number, { metric }: QatSubject): boolean {
  return metric === "accuracy" ? a > b : a < b;
}

/** Items of a batch. */
const batchSize = 100;

async function measure(
  model: Model,
  dataset: Dataset,
  split: SplitName,
  { metric }: QatSubject,
): Promise<number> {
  const rows = rowsOf(dataset, split);
  const session = await loadSession(Buffer.concat(encodeModel(model)));
  try {
    const name = scoreOutput(session.signature, undefined);
    const outputs = await predict(session, dataset, rows, { outputs: [name], batchSize });
    const values = outputs.get(name)?.values ?? new Float32Array();
    const width = values.length / rows.length;
    const labels = Array.from(rows, (row) => dataset.labels?.values[row] ?? Number.NaN);
    if (metric === "error") return rootMeanSquare(labels.map((label, at) => (values[at] ?? 0) - label));
    const right = labels.filter((label, at) => {
      const scores = values.subarray(at * width, (at + 1) * width);
      return scores.indexOf(Math.max(...scores)) === label;
    });
    return right.length / rows.length;
  } finally {
    await session.release();
  }
}

function rootMeanSquare(errors: readonly number[]): number {
  return Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
}
