import { ruleOf } from "../rule.ts";
import { neg } from "../tensors.ts";

/** y = −x. */
export const negRule = ruleOf((_, dy, emit) => [neg(emit, dy)]);
