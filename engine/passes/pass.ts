import type { Model } from "#engine/onnx/model.ts";

/** Something that a step changed: a tensor, a node or the model, and what happened to it. */
export interface Change {
  name: string;
  what: string;
}

/** Something that a step would have changed but for the reason given. */
export interface Skip {
  name: string;
  reason: string;
}

export interface PassResult {
  /** Empty: the step is not applicable to this model, the reasons are in `skipped`. */
  changed: Change[];
  skipped: Skip[];
  warnings: string[];
}

export interface PassContext {
  /** From 0 to 1 within this step. */
  onProgress(fraction: number): void;
}

/**
 * One compression technique. It edits the structure of `model`, which belongs to it alone, but never the values of a
 * tensor, which are shared with the original: it replaces tensors.
 */
export type Pass<Options> = (model: Model, options: Options, context: PassContext) => PassResult;

export const silent: PassContext = { onProgress: () => {} };

/** Name under which a report speaks of the model as a whole. */
export const wholeModel = "model";
