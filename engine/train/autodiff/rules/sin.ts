import { ruleOf } from "../rule.ts";
import { cos, mul } from "../tensors.ts";

/** y = sin x. */
export const sinRule = ruleOf((site, dy, emit) => [mul(emit, dy, cos(emit, site.input(0)))]);
