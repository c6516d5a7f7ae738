import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import type { Labels } from "#engine/evaluate/dataset/labels.ts";
import { failure } from "#engine/failure.ts";
import { say } from "#engine/say.ts";
import { type LossOptions, lossSchema } from "#engine/train/losses/loss.schema.ts";
import type { TrainingOptions } from "./options.schema.ts";

/** @throws EngineError "data-mismatch" */
export function labelsOf({ labels, manifest }: Dataset): Labels {
  if (labels === undefined) throw failure("data-mismatch", say("training.noLabel", { name: manifest.name }));
  return labels;
}

/** The loss that is asked for, or the customary one for such labels. */
export function lossOf({ loss, label_smoothing }: TrainingOptions, labels: Labels): LossOptions {
  const kind = loss !== "auto" ? loss : labels.kind === "class" ? "cross-entropy" : "mse";
  return lossSchema.parse({ kind, ...(kind === "cross-entropy" && { label_smoothing }) });
}
