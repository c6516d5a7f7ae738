import type { DType } from "#engine/onnx/dtypes.ts";
import type { Emitter } from "../autodiff/emitter.ts";
import type { Operand } from "../autodiff/operand.ts";
import { crossEntropy, maskedCrossEntropy } from "./cross-entropy.ts";
import type { LossOptions } from "./loss.schema.ts";
import type { LossNodes } from "./loss.ts";
import { bayesianRanking } from "./ranking.ts";
import { binaryCrossEntropy, huber, meanSquaredError } from "./regression.ts";

/** What has to be fed beside the inputs of a model. */
export interface TargetForm {
  readonly dtype: Extract<DType, "int64" | "float32">;
  readonly dims: readonly number[];
}

/** The target that a loss compares predictions with; undefined where there is none. */
export function targetOf({ kind }: LossOptions, prediction: Operand): TargetForm | undefined {
  if (kind === "bpr") return undefined;
  if (kind === "cross-entropy" || kind === "masked-cross-entropy")
    return { dtype: "int64", dims: prediction.dims.slice(0, -1) };
  return { dtype: "float32", dims: prediction.dims };
}

/** @param target of the form that `targetOf` gives */
export function lossNodes(
  emit: Emitter,
  options: LossOptions,
  prediction: Operand,
  target: Operand | undefined,
): LossNodes {
  if (options.kind === "bpr") return bayesianRanking(emit, prediction);
  if (target === undefined) throw new Error(`${options.kind} needs a target`);
  switch (options.kind) {
    case "cross-entropy":
      return crossEntropy(emit, prediction, target, { smoothing: options.label_smoothing });
    case "masked-cross-entropy":
      return maskedCrossEntropy(emit, prediction, target);
    case "mse":
      return meanSquaredError(emit, prediction, target);
    case "huber":
      return huber(emit, prediction, target, options.delta);
    case "binary-cross-entropy":
      return binaryCrossEntropy(emit, prediction, target);
  }
}
