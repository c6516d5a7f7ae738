import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { equal, masked, sub } from "../tensors.ts";

/** Min and Max of several inputs: of those that are equal, the first gets the gradient. */
export const extremeRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  const last = site.inputs.length - 1;
  let rest = dy;
  return site.inputs.map((x, at) => {
    if (x === undefined) return undefined;
    if (at === last) return site.wants(at) ? sumTo(emit, rest, x.dims) : undefined;
    const isNeeded = site.inputs.some((_, later) => later > at && site.wants(later));
    if (!isNeeded && !site.wants(at)) return undefined;
    const own = masked(emit, equal(emit, x, y), rest);
    if (isNeeded) rest = sub(emit, rest, own);
    return site.wants(at) ? sumTo(emit, own, x.dims) : undefined;
  });
});
