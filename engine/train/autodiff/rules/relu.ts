import { ruleOf } from "../rule.ts";
import { greater, masked } from "../tensors.ts";

/** y = max(x, 0); the gradient at 0 is 0. */
export const reluRule = ruleOf((site, dy, emit) => [masked(emit, greater(emit, site.output(), 0), dy)]);
