import { z } from "zod";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { runStep } from "#engine/passes/index.ts";
import { silent } from "#engine/passes/pass.ts";
import { type StepInput, stepSchema } from "#engine/passes/step.schema.ts";
import { predict } from "#engine/runtime/predict.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { trainingOf } from "#engine/runtime/tools.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import type { Task } from "./tasks.ts";

/** Models that are compared: the teacher, and one student without and with it. */
export const subjects = ["teacher", "alone", "taught"] as const;

const subjectSchema = z.strictObject({
  /** On the test split, which was looked at once. */
  test: z.number(),
  bytes: z.number(),
  seconds: z.number(),
});

export const seedSchema = z.strictObject({
  seed: z.int(),
  teacher: subjectSchema,
  alone: subjectSchema,
  taught: subjectSchema,
});
export type SeedResult = z.infer<typeof seedSchema>;
type Subject = z.infer<typeof subjectSchema>;

/**
 * Trains teacher and student of one seed. Both students begin with the same weights, see the same batches in the same
 * order and take the best epoch on the same tuning split; the test split is opened when all three are finished.
 */
export async function trainSeed(task: Task, dataset: Dataset, seed: number): Promise<SeedResult> {
  const { teacher, student } = task;
  const start = buildArchitecture(architectureSchema.parse(teacher.network), seed);
  const master = await trained(dataset, seed, start, { use: "train.finetune", ...teacher.training });
  const young = async () =>
    "network" in student
      ? buildArchitecture(architectureSchema.parse(student.network), seed)
      : (await trained(dataset, seed, cloneStructure(master.model), student.step)).model;
  const alone = await trained(dataset, seed, await young(), { use: "train.finetune", ...student.training });
  const lesson = { use: "train.distill", ...student.training } as const;
  const taught = await trained(dataset, seed, await young(), lesson, master.model);
  const judged = async ({ model, seconds }: Trained): Promise<Subject> => ({
    test: await testScore(task, dataset, model),
    bytes: encodeModel(model).reduce((sum, { length }) => sum + length, 0),
    seconds,
  });
  return { seed, teacher: await judged(master), alone: await judged(alone), taught: await judged(taught) };
}

interface Trained {
  readonly model: Model;
  readonly seconds: number;
}

async function trained(
  dataset: Dataset,
  seed: number,
  model: Model,
  step: StepInput,
  teacher?: Model,
): Promise<Trained> {
  const started = performance.now();
  const training = trainingOf(dataset, teacher && { teacher });
  const { changed, skipped } = await runStep(model, stepSchema.parse(step), { ...silent, seed, training });
  if (changed.length === 0) throw new Error(`${step.use} did nothing: ${JSON.stringify(skipped)}`);
  return { model, seconds: (performance.now() - started) / 1000 };
}

async function testScore({ metric }: Task, dataset: Dataset, model: Model): Promise<number> {
  const rows = rowsOf(dataset, "test");
  const { labels } = dataset;
  if (labels === undefined) throw new Error("A task has labels");
  const session = await loadSession(Buffer.concat(encodeModel(model)));
  const [output] = (await predict(session, dataset, rows)).values();
  await session.release();
  if (output === undefined) throw new Error("A model has an output");
  const width = output.values.length / rows.length;
  let sum = 0;
  rows.forEach((row, at) => {
    const said = output.values.subarray(at * width, (at + 1) * width);
    const label = labels.values[row] ?? Number.NaN;
    sum +=
      metric === "accuracy"
        ? Number(said.indexOf(Math.max(...said)) === label)
        : ((said[0] ?? 0) - label) ** 2;
  });
  return metric === "accuracy" ? sum / rows.length : Math.sqrt(sum / rows.length);
}
