import { failure } from "#engine/failure.ts";
import { say } from "#engine/say.ts";
import { sizeOf } from "./autodiff/operand.ts";
import type { TrainingGraph } from "./graph/training-graph.ts";
import type { OptimizerOptions } from "./optimizers/optimizer.schema.ts";
import { lanesOf } from "./optimizers/optimizer.ts";

/** Bytes that a training takes beside the process itself. */
export interface TrainingBytes {
  /** Weights, gradients and what the optimiser remembers. */
  readonly state: number;
  /** What is computed of one batch, forward and backward: ONNX Runtime gives some of it back along the way. */
  readonly values: number;
}

/** @param accumulate batches of one update */
export function trainingBytes(
  { parameters, valueBytes }: Pick<TrainingGraph, "parameters" | "valueBytes">,
  optimizer: OptimizerOptions,
  accumulate: number,
): TrainingBytes {
  const lanes = 2 + lanesOf(optimizer).length + (accumulate > 1 ? 1 : 0);
  const count = parameters.reduce((sum, { dims }) => sum + sizeOf(dims), 0);
  return { state: 4 * lanes * count, values: valueBytes };
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);

/**
 * Looks before a training starts whether the memory suffices.
 *
 * @param batch items of a batch, for which `bytes` holds
 * @param available bytes that the process may take
 * @throws EngineError "limit-exceeded" with the largest batch that fits, or saying that none does
 */
export function checkMemory({ state, values }: TrainingBytes, batch: number, available: number): void {
  if (state + values <= available) return;
  const fitting = Math.floor(((available - state) * batch) / values);
  const advice = fitting >= 1 ? say("training.smallerFits", { count: fitting }) : say("training.nothingFits");
  const sizes = {
    state: megabytes(state),
    values: megabytes(values),
    batch,
    available: megabytes(available),
  };
  throw failure("limit-exceeded", say("training.memory", { ...sizes, advice }));
}
