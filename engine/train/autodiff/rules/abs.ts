import { ruleOf } from "../rule.ts";
import { mul, sign } from "../tensors.ts";

/** y = |x|; the gradient at 0 is 0. */
export const absRule = ruleOf((site, dy, emit) => [mul(emit, dy, sign(emit, site.input(0)))]);
