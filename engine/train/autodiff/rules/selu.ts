import { ruleOf } from "../rule.ts";
import { add, greater, mul, where } from "../tensors.ts";

/** Defaults of ONNX's Selu. */
const usual = { alpha: 1.6732631921768188, gamma: 1.0507010221481323 };

/** y = γx above 0, γα (eˣ − 1) below: dx = dy · γ or dy · (y + γα). */
export const seluRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  const gamma = site.float("gamma", usual.gamma);
  const below = add(emit, y, gamma * site.float("alpha", usual.alpha));
  return [mul(emit, dy, where(emit, greater(emit, y, 0), gamma, below))];
});
