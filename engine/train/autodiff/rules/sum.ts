import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";

/** The sum of several inputs, with broadcasting. */
export const sumRule = ruleOf((site, dy, emit) =>
  site.inputs.map((x, at) => (x && site.wants(at) ? sumTo(emit, dy, x.dims) : undefined)),
);
