import type { Emitter } from "../emitter.ts";
import type { Operand } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { add, div, erf, exp, mul, sub, tanh } from "../tensors.ts";

/** y = x Φ(x), with the normal distribution itself or its approximation by a hyperbolic tangent. */
export const geluRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const doubled =
    site.text("approximate", "none") === "tanh" ? approximateSlope(emit, x) : exactSlope(emit, x);
  return [mul(emit, mul(emit, dy, 0.5), doubled)];
});

/** 2 dy/dx = 1 + erf(t) + 2/√π · t · e^(−t²) with t = x/√2. */
function exactSlope(emit: Emitter, x: Operand): Operand {
  const t = mul(emit, x, Math.SQRT1_2);
  const bell = div(emit, t, exp(emit, mul(emit, t, t)));
  return add(emit, add(emit, erf(emit, t), 1), mul(emit, bell, 2 / Math.sqrt(Math.PI)));
}

/** 2 dy/dx = (1 + u) · (1 + x (1 − u) · k (1 + 3ax²)) with u = tanh(k (x + ax³)), k = √(2/π), a = 0.044715. */
function approximateSlope(emit: Emitter, x: Operand): Operand {
  const k = Math.sqrt(2 / Math.PI);
  const a = 0.044715;
  const square = mul(emit, x, x);
  const u = tanh(emit, mul(emit, x, add(emit, mul(emit, square, k * a), k)));
  const inner = mul(emit, x, add(emit, mul(emit, square, 3 * k * a), k));
  const factor = add(emit, mul(emit, inner, sub(emit, 1, u)), 1);
  return mul(emit, add(emit, u, 1), factor);
}
