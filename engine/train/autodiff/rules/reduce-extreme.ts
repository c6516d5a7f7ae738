import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { asFloat, div, equal, mul, reduceSum, reshape } from "../tensors.ts";

/** ReduceMax and ReduceMin: the values that equal the extreme share its gradient evenly, as in PyTorch's amax. */
export const reduceExtremeRule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  if (reduction === undefined || reduction.count === 1) return [dy];
  const { axes, kept } = reduction;
  const isExtreme = asFloat(emit, equal(emit, site.input(0), reshape(emit, site.output(), kept)));
  const ties = reduceSum(emit, isExtreme, axes);
  return [mul(emit, isExtreme, div(emit, reshape(emit, dy, kept), ties))];
});
