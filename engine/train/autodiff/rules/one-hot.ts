import type { Rule } from "../rule.ts";

/** Indices have no gradient; the two values that it writes could have one, which nobody has needed so far. */
export const oneHotRule: Rule = (site) => {
  if (site.wants(2)) throw site.refusal("its values are trained");
  return [];
};
