import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";

/** An original as its own runtime executes it, or as its makers say that it is to be executed. */
export interface ReferenceModel {
  /** With its version, as `TensorFlow.js 4.22.0 (cpu)`. */
  readonly name: string;
  /** @throws EngineError "runtime-refused" */
  run(feeds: TensorMap): Promise<TensorMap>;
  release(): Promise<void>;
}

/** Names of a conversion's inputs and outputs, in the order of the original's. */
export interface Ports {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}
