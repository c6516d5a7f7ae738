import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";

/** y = a + b. */
export const addRule = ruleOf((site, dy, emit) =>
  [0, 1].map((at) => (site.wants(at) ? sumTo(emit, dy, site.input(at).dims) : undefined)),
);
