import { ruleOf } from "../rule.ts";
import { greater, masked } from "../tensors.ts";

/** y = x above α, else 0. */
export const thresholdedReluRule = ruleOf((site, dy, emit) => [
  masked(emit, greater(emit, site.input(0), site.float("alpha", 1)), dy),
]);
