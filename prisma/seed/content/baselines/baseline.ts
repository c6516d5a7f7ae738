import type { MinimiseOptions, Trainable } from "../training/minimise.ts";

/** A trained baseline model. */
export interface Baseline {
  /** The ONNX file. */
  bytes: Uint8Array;
  seed: number;
  options: MinimiseOptions;
  /** Share of test items that the model gets wrong; for ratings, off by more than one star. */
  testError: number;
  /** Root mean square error on the test split, ratings only. */
  testRmse?: number;
}

/** Receives the number of the epoch, from 1, and the mean training objective. */
export type OnEpoch = (epoch: number, objective: number) => void;

/** Rounds all weights to float32, so that what is measured is what the model file holds. */
export function roundWeights(model: Trainable): void {
  for (const { value } of model.parameters) value.set(Float32Array.from(value));
}
