import { fromFront } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { mul, reduceSum, sub } from "../tensors.ts";

/** y = softmax(x): dx = y · (dy − Σ dy · y), the sum along the axis. */
export const softmaxRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  const axis = fromFront(site.int("axis", -1), y.dims.length);
  return [mul(emit, y, sub(emit, dy, reduceSum(emit, mul(emit, dy, y), [axis])))];
});
