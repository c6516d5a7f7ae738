import { ruleOf } from "../rule.ts";

/** As inference runs it, it hands its input on. A mask of its own is drawn anew in each session, so nothing could be resumed. */
export const dropoutRule = ruleOf((site, dy) => {
  if (site.inputs[2] !== undefined && site.constants(2)?.[0] !== 0)
    throw site.refusal("it draws its own mask; use its inference form, and a mask that is an input");
  return [dy];
});
