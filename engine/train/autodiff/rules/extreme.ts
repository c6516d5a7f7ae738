import { sumTo } from "../broadcast.ts";
import { ruleOf } from "../rule.ts";
import { equal, where } from "../tensors.ts";

/** Min and Max of several inputs: of those that are equal, the first gets the gradient. */
export const extremeRule = ruleOf((site, dy, emit) => {
  const y = site.output();
  const last = site.inputs.length - 1;
  let rest = dy;
  return site.inputs.map((x, at) => {
    if (x === undefined) return undefined;
    if (at === last) return site.wants(at) ? sumTo(emit, rest, x.dims) : undefined;
    const isChosen = equal(emit, x, y);
    const own = site.wants(at) ? sumTo(emit, where(emit, isChosen, rest, 0), x.dims) : undefined;
    if (site.inputs.some((_, later) => later > at && site.wants(later)))
      rest = where(emit, isChosen, 0, rest);
    return own;
  });
});
