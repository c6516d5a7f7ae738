import type { RuleCheck } from "../check.ts";
import { activationChecks } from "./activations.ts";
import { alongChecks } from "./along.ts";
import { convolutionChecks } from "./convolution.ts";
import { einsumChecks } from "./einsum.ts";
import { elementwiseChecks } from "./elementwise.ts";
import { indexingChecks } from "./indexing.ts";
import { mathChecks } from "./math.ts";
import { matrixChecks } from "./matrix.ts";
import { normalizationChecks } from "./normalization.ts";
import { padChecks } from "./pad.ts";
import { poolingChecks } from "./pooling.ts";
import { recurrentChecks } from "./recurrent.ts";
import { reductionChecks } from "./reductions.ts";
import { repeatChecks } from "./repeats.ts";
import { resizeChecks } from "./resize.ts";
import { scatterChecks } from "./scatter.ts";
import { shapeChecks } from "./shapes.ts";
import { viewChecks } from "./views.ts";

/** Everything that is checked, for the script that asks PyTorch. */
export const allChecks: readonly RuleCheck[] = [
  ...resizeChecks,
  ...scatterChecks,
  ...indexingChecks,
  ...einsumChecks,
  ...activationChecks,
  ...alongChecks,
  ...convolutionChecks,
  ...elementwiseChecks,
  ...mathChecks,
  ...matrixChecks,
  ...normalizationChecks,
  ...padChecks,
  ...poolingChecks,
  ...recurrentChecks,
  ...reductionChecks,
  ...repeatChecks,
  ...shapeChecks,
  ...viewChecks,
];
