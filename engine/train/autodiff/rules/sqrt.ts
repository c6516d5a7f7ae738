import { ruleOf } from "../rule.ts";
import { add, div } from "../tensors.ts";

/** y = √x: dx = dy / 2y. */
export const sqrtRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  return [div(emit, dy, add(emit, y, y))];
});
