import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { masked, not } from "../tensors.ts";

/** Each side gets the gradient where it was chosen. */
export const whereRule = ruleOf((site, dy, emit) => {
  const condition = site.input(0);
  return [
    undefined,
    site.wants(1) ? sumTo(emit, masked(emit, condition, dy), site.input(1).dims) : undefined,
    site.wants(2) ? sumTo(emit, masked(emit, not(emit, condition), dy), site.input(2).dims) : undefined,
  ];
});
