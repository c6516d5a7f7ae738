import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { mul } from "../tensors.ts";

/** The mean of several inputs, with broadcasting. */
export const meanRule = ruleOf((site, dy, emit) => {
  const share = mul(emit, dy, 1 / site.inputs.length);
  return site.inputs.map((x, at) => (x && site.wants(at) ? sumTo(emit, share, x.dims) : undefined));
});
