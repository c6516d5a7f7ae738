import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";

/** A value that was repeated gets the sum. */
export const expandRule = ruleOf((site, dy, emit) => [sumTo(emit, dy, site.input(0).dims)]);
