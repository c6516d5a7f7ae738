import type fc from "fast-check";
import type { Model } from "#engine/onnx/model.ts";
import type { RuleCase } from "./case.ts";
import type { Reference } from "./finite.ts";
import type { TensorFlowForward } from "./tensorflow.ts";

/** Random shapes that each rule is checked on. */
export const shapesChecked = 100;
/** The same shapes each time. */
export const randomSeed = 20_261_127;

export interface RuleCheck {
  /** For the name of the test. */
  readonly name: string;
  readonly cases: fc.Arbitrary<RuleCase>;
  readonly reference: Reference;
  /** The operator in TensorFlow.js, where that has its gradient; else stored vectors of PyTorch are read. */
  readonly tensorflow?: TensorFlowForward;
  /** Rewrites the model before it is differentiated. */
  readonly prepare?: (model: Model) => void;
  /** Default 18, the lowest that training graphs have. */
  readonly opset?: number;
}
