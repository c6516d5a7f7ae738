import type { RuleCheck } from "../check.ts";
import { activationChecks } from "./activations.ts";
import { convolutionChecks } from "./convolution.ts";
import { elementwiseChecks } from "./elementwise.ts";
import { mathChecks } from "./math.ts";
import { matrixChecks } from "./matrix.ts";
import { normalizationChecks } from "./normalization.ts";
import { poolingChecks } from "./pooling.ts";
import { recurrentChecks } from "./recurrent.ts";
import { reductionChecks } from "./reductions.ts";
import { shapeChecks } from "./shapes.ts";

/** Everything that is checked, for the script that asks PyTorch. */
export const allChecks: readonly RuleCheck[] = [
  ...activationChecks,
  ...convolutionChecks,
  ...elementwiseChecks,
  ...mathChecks,
  ...matrixChecks,
  ...normalizationChecks,
  ...poolingChecks,
  ...recurrentChecks,
  ...reductionChecks,
  ...shapeChecks,
];
