import { ruleOf } from "../rule.ts";
import { greater, where } from "../tensors.ts";

/** y = max(x, 0); the gradient at 0 is 0. */
export const reluRule = ruleOf((site, dy, emit) => [where(emit, greater(emit, site.output(), 0), dy, 0)]);
