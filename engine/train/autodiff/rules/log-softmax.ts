import { fromFront } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { exp, mul, reduceSum, sub } from "../tensors.ts";

/** y = x − ln Σ eˣ: dx = dy − eʸ · Σ dy, the sum along the axis. */
export const logSoftmaxRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  const axis = fromFront(site.int("axis", -1), y.dims.length);
  return [sub(emit, dy, mul(emit, exp(emit, y), reduceSum(emit, dy, [axis])))];
});
