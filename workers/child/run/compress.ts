import { join } from "node:path";
import type { RunTask } from "#contracts/child.ts";
import type { RunReport } from "#contracts/run.ts";
import { type CompressResult, compressModel, notApplicableReason } from "#engine/compress.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { inspectModel } from "#engine/inspect.ts";
import { encodeLazily } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { needOf, splitsFor } from "#engine/passes/needs.ts";
import type { StepName } from "#engine/passes/step.schema.ts";
import { FileShelf } from "#engine/runtime/file-shelf.ts";
import { writeFileAtomically } from "#engine/runtime/files.ts";
import { ThreadPool } from "#engine/runtime/pool.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { dataTools, loadExecutable } from "#engine/runtime/tools.ts";
import { manifestOf, readDataset } from "../dataset-file.ts";
import { readModel } from "../model-file.ts";
import { type ProgressReporter, tell } from "../parent.ts";
import { remark } from "../say.ts";
import type { Subject } from "./subject.ts";
import { RunTraining } from "./training/watch.ts";

/** Entries of a report that are kept; a model can have a hundred thousand tensors. */
const kept = 500;

export interface Compressed {
  readonly report: RunReport;
  /** Undefined where the recipe could do nothing. */
  readonly subject: Subject | undefined;
}

/**
 * Applies the recipe, writes the result into the work folder and loads it.
 *
 * @param span part of the whole run that this is
 */
export async function compress(
  task: RunTask,
  model: Model,
  progress: ProgressReporter,
  span: { readonly from: number; readonly to: number },
): Promise<Compressed> {
  const now = () => performance.now();
  const training = new Set(
    task.recipe.steps.filter((step) => needOf(step) === "training data").map(({ use }) => use),
  );
  const onProgress = (share: number, use: StepName) =>
    progress.report(training.has(use) ? "train" : "compress", span.from + (span.to - span.from) * share);
  progress.report("compress", span.from);
  await using pool = new ThreadPool();
  using shelf = new FileShelf(task.workFolder);
  const dataset = await datasetFor(task);
  const trainings: RunTraining[] = [];
  const forStep = (at: number) => {
    const made = new RunTraining(task, at, progress);
    trainings.push(made);
    return made.watch();
  };
  const teacher = task.teacherPath === null ? {} : { teacher: readModel(task.teacherPath).model };
  const extras = { forStep, memoryBytes: task.memoryBytes, ...teacher };
  const tools = {
    pool,
    shelf,
    load: loadExecutable,
    ...(dataset && dataTools(dataset, task.recipe, extras)),
  };
  const result = await compressModel(model, task.recipe, { now, onProgress, tools }).finally(() => {
    for (const one of trainings) one.finish();
  });
  for (const step of result.steps) {
    const [changed, skipped] = [step.changed.length, step.skipped.length];
    tell(remark("log.step", { use: step.use, changed, skipped, seconds: step.seconds ?? 0 }));
  }
  for (const warning of result.warnings) tell(warning, "warn");
  if (result.outcome === "not-applicable") return { report: reportOf(result), subject: undefined };
  const path = join(task.workFolder, "output.onnx");
  await writeFileAtomically(path, encodeLazily(result.model), pool);
  const output = readModel(path);
  const inspection = inspectModel(output.model, { bytes: output.bytes });
  const session = await loadSession(path);
  return { report: reportOf(result), subject: { path, model: output.model, inspection, session } };
}

/** The dataset where a step of the recipe looks at data; of its splits those that it may look at. */
async function datasetFor({ dataset, recipe }: RunTask): Promise<Dataset | undefined> {
  const wanted = splitsFor(recipe.steps);
  if (!dataset || wanted.length === 0) return undefined;
  const { splits } = manifestOf(dataset);
  const isCut = splits.column !== undefined || splits.file !== undefined;
  return readDataset(dataset, isCut ? {} : { splits: wanted });
}

function reportOf(result: CompressResult): RunReport {
  const steps = result.steps.map(({ use, seconds, changed, skipped }) => ({
    use,
    ...(seconds !== undefined && { seconds }),
    changed: changed.slice(0, kept),
    skipped: skipped.slice(0, kept),
    changedMore: Math.max(0, changed.length - kept),
    skippedMore: Math.max(0, skipped.length - kept),
  }));
  const reason = notApplicableReason(result);
  const warnings = reason === undefined ? result.warnings : [reason, ...result.warnings];
  return { outcome: result.outcome, steps, warnings: warnings.slice(0, kept) };
}
