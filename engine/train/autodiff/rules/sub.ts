import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { neg } from "../tensors.ts";

/** y = a − b. */
export const subRule = ruleOf((site, dy, emit) => [
  site.wants(0) ? sumTo(emit, dy, site.input(0).dims) : undefined,
  site.wants(1) ? neg(emit, sumTo(emit, dy, site.input(1).dims)) : undefined,
]);
