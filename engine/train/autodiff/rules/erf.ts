import { ruleOf } from "../rule.ts";
import { div, exp, mul } from "../tensors.ts";

/** y = erf(x): dx = dy · 2/√π · e^(−x²). Where e^(x²) overflows, the quotient is 0, as it should be. */
export const erfRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const share = div(emit, dy, exp(emit, mul(emit, x, x)));
  return [mul(emit, share, 2 / Math.sqrt(Math.PI))];
});
