import { ruleOf } from "../rule.ts";

/** Outside training Dropout hands on what it gets. In training a product with a mask has taken its place. */
export const dropoutRule = ruleOf((site, dy) => {
  const training = site.inputs[2];
  if (training !== undefined && !(training.values?.length === 1 && training.values[0] === 0))
    throw site.refusal("it may drop values by random numbers of its own");
  return [dy];
});
