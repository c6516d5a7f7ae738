import { ruleOf } from "../rule.ts";
import { mul } from "../tensors.ts";

/** y = eˣ: dx = dy · y. */
export const expRule = ruleOf((site, dy, emit) => [mul(emit, dy, site.output())]);
