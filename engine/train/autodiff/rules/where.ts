import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { where } from "../tensors.ts";

/** Each side gets the gradient where it was chosen. */
export const whereRule = ruleOf((site, dy, emit) => {
  const condition = site.input(0);
  return [
    undefined,
    site.wants(1) ? sumTo(emit, where(emit, condition, dy, 0), site.input(1).dims) : undefined,
    site.wants(2) ? sumTo(emit, where(emit, condition, 0, dy), site.input(2).dims) : undefined,
  ];
});
