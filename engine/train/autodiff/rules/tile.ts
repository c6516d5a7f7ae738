import { ruleOf } from "../rule.ts";
import { reduceSum, reshape } from "../tensors.ts";

/** The sum over the copies. */
export const tileRule = ruleOf((site, dy, emit) => {
  const { dims } = site.input(0);
  const repeats = site.constants(1) ?? [];
  const split = dims.flatMap((dim, axis) => {
    const count = repeats[axis] ?? 1;
    return count === 1 ? [dim] : [count, dim];
  });
  let at = 0;
  const copies = dims.flatMap((_, axis) => {
    const isRepeated = (repeats[axis] ?? 1) !== 1;
    const place = at;
    at += isRepeated ? 2 : 1;
    return isRepeated ? [place] : [];
  });
  return [reduceSum(emit, reshape(emit, dy, split), copies, false)];
});
