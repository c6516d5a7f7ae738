import { ruleOf } from "../rule.ts";
import { mul, neg, sin } from "../tensors.ts";

/** y = cos x. */
export const cosRule = ruleOf((site, dy, emit) => [neg(emit, mul(emit, dy, sin(emit, site.input(0))))]);
