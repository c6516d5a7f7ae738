import type { RuleCheck } from "../check.ts";
import { activationChecks } from "./activations.ts";
import { elementwiseChecks } from "./elementwise.ts";
import { mathChecks } from "./math.ts";
import { matrixChecks } from "./matrix.ts";
import { reductionChecks } from "./reductions.ts";
import { shapeChecks } from "./shapes.ts";

/** Everything that is checked, for the script that asks PyTorch. */
export const allChecks: readonly RuleCheck[] = [
  ...activationChecks,
  ...elementwiseChecks,
  ...mathChecks,
  ...matrixChecks,
  ...reductionChecks,
  ...shapeChecks,
];
