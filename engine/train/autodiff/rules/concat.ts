import { fromFront } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { slice, split } from "../tensors.ts";

/** Each input gets its part of the gradient. */
export const concatRule = ruleOf((site, dy, emit) => {
  const axis = fromFront(site.int("axis", 0), dy.dims.length);
  const sizes = site.inputs.map((input) => input?.dims[axis] ?? 0);
  if (sizes.every((_, at) => site.wants(at))) return split(emit, dy, axis, sizes);
  let start = 0;
  return sizes.map((size, at) => {
    const from = start;
    start += size;
    return site.wants(at) ? slice(emit, dy, [axis], [from], [start]) : undefined;
  });
});
