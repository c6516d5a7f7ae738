import { ruleOf } from "../rule.ts";
import { mul, sigmoid } from "../tensors.ts";

/** y = ln(1 + eˣ): dx = dy · σ(x). */
export const softplusRule = ruleOf((site, dy, emit) => [mul(emit, dy, sigmoid(emit, site.input(0)))]);
