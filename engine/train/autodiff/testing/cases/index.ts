import type { RuleCheck } from "../check.ts";
import { convolutionChecks } from "./convolution.ts";
import { elementwiseChecks } from "./elementwise.ts";
import { matrixChecks } from "./matrix.ts";
import { normalizationChecks } from "./normalization.ts";
import { poolingChecks } from "./pooling.ts";

/** Everything that is checked, for the script that asks PyTorch. */
export const allChecks: readonly RuleCheck[] = [
  ...convolutionChecks,
  ...elementwiseChecks,
  ...matrixChecks,
  ...normalizationChecks,
  ...poolingChecks,
];
