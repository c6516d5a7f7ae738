import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { mul } from "../tensors.ts";

/** y = a · b: each side gets the other. */
export const mulRule = ruleOf((site, dy, emit) =>
  [0, 1].map((at) =>
    site.wants(at) ? sumTo(emit, mul(emit, dy, site.input(1 - at)), site.input(at).dims) : undefined,
  ),
);
