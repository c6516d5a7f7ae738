import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { TrainingGraph } from "./graph/training-graph.ts";
import type { TrainingMemory } from "./optimizers/memory.ts";

/** A training graph that is ready to run on a memory: gradients appear there, weights are read from it. */
export interface TrainingStep {
  /** Running means and variances, as they are after the last batch of `run`. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
  /**
   * @param feeds the inputs of the model, the target and the masks
   * @returns the loss
   * @throws EngineError "runtime-refused"
   */
  run(feeds: TensorMap): Promise<number>;
  /** What the model said of the last batch of `run`, overwritten by the next one. */
  readonly prediction: Float32Array;
  /**
   * What the model says of a batch when it is used, not trained, with the weights as they are now.
   *
   * @returns overwritten by the next call
   */
  predict(feeds: TensorMap): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Loads training graphs; `runtime/training-step.ts` does it with ONNX Runtime. */
export type OpenStep = (graph: TrainingGraph, memory: TrainingMemory) => Promise<TrainingStep>;
