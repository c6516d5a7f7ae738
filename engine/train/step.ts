import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { TrainingGraph } from "./graph/training-graph.ts";
import type { TrainingMemory } from "./optimizers/memory.ts";

/** A training graph that is ready to run on a memory: gradients appear there, weights are read from it. */
export interface TrainingStep {
  /**
   * @param feeds the inputs of the model and the target
   * @returns the loss
   * @throws EngineError "runtime-refused"
   */
  run(feeds: TensorMap): Promise<number>;
  /** What the model said of the last batch, overwritten by the next one. */
  readonly prediction: Float32Array;
  release(): Promise<void>;
}

/** Loads training graphs; `runtime/training-step.ts` does it with ONNX Runtime. */
export type OpenStep = (graph: TrainingGraph, memory: TrainingMemory) => Promise<TrainingStep>;
