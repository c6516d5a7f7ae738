import type { Architecture } from "#engine/train/catalogue/architecture.schema.ts";

/** What one seed of one network takes to be reproduced. */
export interface TrainRequest {
  readonly architecture: Architecture;
  readonly seed: number;
  /** Recipes as text. */
  readonly baseline: string;
  readonly recipe: string;
  /** Folder with the files of MNIST. */
  readonly mnist: string;
  /** Train items that are used: all, or the first ones in a quick test. */
  readonly items: number;
  /** Where the models go, and what is finished after each step, so that a run goes on where it ended. */
  readonly folder: string;
}

/** What a training leaves in its folder. */
export const files = { baseline: "baseline.onnx", deep: "compressed.parsimony" } as const;
