import { ruleOf } from "../rule.ts";
import { div } from "../tensors.ts";

/** y = ln x: dx = dy / x. */
export const logRule = ruleOf((site, dy, emit) => [div(emit, dy, site.input(0))]);
