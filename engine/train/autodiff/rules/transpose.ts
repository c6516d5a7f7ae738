import { ruleOf } from "../rule.ts";
import { transpose } from "../tensors.ts";

/** The inverse permutation. */
export const transposeRule = ruleOf((site, dy, emit) => {
  const rank = dy.dims.length;
  const perm = site.ints("perm") ?? Array.from({ length: rank }, (_, at) => rank - 1 - at);
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  return [transpose(emit, dy, inverse)];
});
