import type { Emitter } from "./emitter.ts";
import type { Operand } from "./operand.ts";
import { mul, reduceMean, sub } from "./tensors.ts";

/**
 * dx of x̂ = (x − mean x) · s with s = 1 / √(variance + ε), both taken over `axes`:
 * dx = s · (g − mean g − x̂ · mean (g · x̂)). Without centring (root mean square), mean g falls away.
 *
 * @param g gradient of x̂
 * @param inverse s, with axes of size 1
 */
export function normalizedGradient(
  emit: Emitter,
  g: Operand,
  normal: Operand,
  inverse: Operand,
  axes: readonly number[],
  isCentred = true,
): Operand {
  const along = mul(emit, normal, reduceMean(emit, mul(emit, g, normal), axes));
  const level = isCentred ? sub(emit, g, reduceMean(emit, g, axes)) : g;
  return mul(emit, sub(emit, level, along), inverse);
}
