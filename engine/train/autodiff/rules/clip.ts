import { sumTo } from "../broadcast.ts";
import type { Operand } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { equal, greater, less, masked } from "../tensors.ts";

/** What is unchanged gets its gradient, limits included; what is raised gives it to the minimum, what is cut to the maximum. */
export const clipRule = ruleOf((site, dy, emit) => {
  const [x, y] = [site.input(0), site.output()];
  const toLimit = (position: number, isMoved: () => Operand) =>
    site.wants(position) ? sumTo(emit, masked(emit, isMoved(), dy), site.input(position).dims) : undefined;
  return [
    site.wants(0) ? masked(emit, equal(emit, x, y), dy) : undefined,
    toLimit(1, () => less(emit, x, y)),
    toLimit(2, () => greater(emit, x, y)),
  ];
});
