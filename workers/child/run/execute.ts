import type { RunTask } from "#contracts/child.ts";
import type { Measured } from "#contracts/measurement.ts";
import type { RunReport } from "#contracts/run.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { indexBounds } from "#engine/evaluate/fidelity/index-bounds.ts";
import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import { inspectModel } from "#engine/inspect.ts";
import { trains } from "#engine/passes/needs.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { manifestOf, readDataset } from "../dataset-file.ts";
import { readModel } from "../model-file.ts";
import { ProgressReporter, say, tell } from "../parent.ts";
import { remark } from "../say.ts";
import { compress } from "./compress.ts";
import { fidelity } from "./fidelity.ts";
import { ownUse } from "./own-use.ts";
import { quality } from "./quality.ts";
import { sizes } from "./sizes.ts";
import { speed } from "./speed.ts";
import type { Subject, Subjects } from "./subject.ts";

const plain = (measurement: Measurement): Measured => ({
  ...measurement,
  qualityKey: null,
  performanceKey: null,
  detail: null,
});

const baselineReport: RunReport = { outcome: "baseline", steps: [], warnings: [] };

function give(measurements: readonly Measured[]): void {
  say({ kind: "measurements", measurements: [...measurements] });
}

/** Only the splits that are measured are read; the label's classes may need more, which the loader knows. */
async function datasetOf({ dataset }: RunTask): Promise<Dataset | undefined> {
  if (!dataset) return undefined;
  const { splits } = manifestOf(dataset);
  const hasTest = splits.test !== undefined || splits.column !== undefined;
  return readDataset(dataset, hasTest ? { splits: ["test"] } : {});
}

/** Executes a run: compresses the model (the baseline stays as it is) and measures it against the original. */
export async function execute(task: RunTask): Promise<void> {
  const progress = new ProgressReporter();
  progress.report("load", 0);
  const { model, bytes } = readModel(task.modelPath);
  const original: Subject = {
    path: task.modelPath,
    model,
    inspection: inspectModel(model, { bytes }),
    session: await loadSession(task.modelPath),
  };
  // A training takes longer than all that is measured afterwards.
  const to = trains(task.recipe.steps) ? 0.85 : 0.15;
  const made = task.isBaseline ? undefined : await compress(task, model, progress, { from: 0.02, to });
  if (made && !made.subject) {
    give(ownUse().map(plain));
    say({ kind: "ran", report: made.report, outputPath: null, inspection: null });
    return;
  }
  const subjects: Subjects = made?.subject
    ? { candidate: made.subject, baseline: original }
    : { candidate: original, baseline: undefined };
  await measure(task, subjects, indexBounds(model.graph), progress, to);
  give(ownUse().map(plain));
  progress.report("finish", 1);
  const output = made?.subject;
  say({
    kind: "ran",
    report: made?.report ?? baselineReport,
    outputPath: output?.path ?? null,
    inspection: output?.inspection ?? null,
  });
}

async function measure(
  task: RunTask,
  subjects: Subjects,
  bounds: ReadonlyMap<string, number>,
  progress: ProgressReporter,
  from: number,
): Promise<void> {
  give((await sizes(subjects)).map(plain));
  const { candidate, baseline } = subjects;
  const dataset = await datasetOf(task);
  const timing = from + 0.3 * (1 - from);
  const onProgress = progress.part("quality", from, timing);
  const { seed } = task;
  if (task.dataset && dataset?.labels) {
    give(await quality({ subjects, dataset, digest: task.dataset.digest, seed, onProgress }));
  } else if (baseline) {
    give(await fidelity({ original: baseline, variant: candidate, dataset, bounds, seed, onProgress }));
  } else {
    tell(remark("log.noLabels"));
  }
  // Fresh ones are loaded for the timing, which these would only disturb.
  await candidate.session.release();
  await baseline?.session.release();
  give(await speed({ task, subjects, dataset, bounds, progress, from: timing }));
}
