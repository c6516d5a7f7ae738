import { dtypes } from "#engine/onnx/dtypes.ts";
import { sumTo } from "../broadcast.ts";
import type { Emitter } from "../emitter.ts";
import type { Known, Operand } from "../operand.ts";
import { ruleOf, type Site } from "../rule.ts";
import { add, asFloat, div, equal, greater, log, mul, pow, sub, where } from "../tensors.ts";

/**
 * y = aᵇ: da = dy · b · aᵇ⁻¹, db = dy · y · ln a. Where a is not positive, db is 0: the logarithm has no real value
 * there, and data with zeros must not make NaN.
 */
export const powRule = ruleOf((site, dy, emit) => [
  site.wants(0) ? sumTo(emit, baseGradient(site, dy, emit), site.input(0).dims) : undefined,
  site.wants(1) ? exponentGradient(site, dy, emit) : undefined,
]);

function baseGradient(site: Site, dy: Operand, emit: Emitter): Operand {
  const [a, b] = [site.input(0), site.input(1)];
  const [exponent] = site.wants(1) || b.values?.length !== 1 ? [] : b.values;
  if (typeof exponent === "number") return mul(emit, dy, power(emit, a, site.output(), exponent));
  const floats = asFloats(emit, b);
  const slope = mul(emit, floats, pow(emit, a, sub(emit, floats, 1)));
  // At a = b = 0 the product is 0 · ∞.
  return mul(emit, dy, where(emit, equal(emit, floats, 0), 0, slope));
}

/** b · aᵇ⁻¹ for one known b, by products and quotients where those do: powers are slow. */
function power(emit: Emitter, a: Operand, y: Operand, b: number): Operand {
  switch (b) {
    case 0:
      return emit.scalar(0);
    case 1:
      return emit.scalar(1);
    case 2:
      return add(emit, a, a);
    case 3:
      return mul(emit, mul(emit, a, a), 3);
    case 0.5:
      return div(emit, 0.5, y);
    case -0.5:
    case -1:
      return div(emit, mul(emit, y, b), a);
    default:
      return mul(emit, pow(emit, a, b - 1), b);
  }
}

function exponentGradient(site: Site, dy: Operand, emit: Emitter): Operand {
  const [a, b] = [site.input(0), site.input(1)];
  const logarithm = log(emit, where(emit, greater(emit, a, 0), a, 1));
  return sumTo(emit, mul(emit, mul(emit, dy, site.output()), logarithm), b.dims);
}

function asFloats(emit: Emitter, b: Known): Operand {
  return b.dtype === dtypes.float32.code ? b : asFloat(emit, b);
}
