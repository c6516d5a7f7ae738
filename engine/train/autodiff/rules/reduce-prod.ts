import { reductionOf } from "../reduction.ts";
import { ruleOf } from "../rule.ts";
import { asFloat, div, equal, mul, reduceProd, reduceSum, reshape, where } from "../tensors.ts";

/**
 * y = Π x: each value gets the product of the others. That is y / x unless a value is 0: a single zero gets the
 * product P of the rest and the rest nothing, and several zeros leave nothing to anybody. With n zeros in all, the
 * others of x contain none exactly where n = [x = 0].
 */
export const reduceProdRule = ruleOf((site, dy, emit) => {
  const reduction = reductionOf(site);
  if (reduction === undefined || reduction.count === 1) return [dy];
  const { axes, kept } = reduction;
  const x = site.input(0);
  const isZero = equal(emit, x, 0);
  const ones = asFloat(emit, isZero);
  const nonzero = where(emit, isZero, 1, x);
  const product = mul(emit, reduceProd(emit, nonzero, axes), reshape(emit, dy, kept));
  const hasGradient = equal(emit, reduceSum(emit, ones, axes), ones);
  return [where(emit, hasGradient, div(emit, product, nonzero), 0)];
});
