import { type EngineRemark, say } from "#engine/say.ts";
import { orderRules, type StepLike } from "./order-check/rules.ts";
import type { OrderWord } from "./order-check/words.ts";

export type { StepLike } from "./order-check/rules.ts";

export interface OrderWarning {
  /** Position in the list of the step that does the harm or is wasted. */
  readonly step: number;
  /** Which two steps, and one sentence that says why. */
  readonly message: EngineRemark;
}

/**
 * Where one step of a recipe undoes another or is wasted on its result. It looks at names and options alone, not at a
 * model: what it says is likely, not certain. Steps whose names it does not know draw no warning.
 *
 * @param steps at most a recipe's length: every pair is looked at
 */
export function orderWarnings(steps: readonly StepLike[]): OrderWarning[] {
  const warnings: OrderWarning[] = [];
  steps.forEach((later, at) => {
    const said = new Set<OrderWord>();
    for (let before = at - 1; before >= 0; before--) {
      const earlier = steps[before];
      if (earlier === undefined) continue;
      for (const rule of orderRules) {
        // One sentence for a step and a rule: the nearest earlier step is the one meant.
        if (said.has(rule.why) || (rule.adjacent && before !== at - 1)) continue;
        if (!rule.earlier(earlier) || !rule.later(later)) continue;
        said.add(rule.why);
        const why = say(`order.${rule.why}`);
        const message = say("order.after", { later: later.use, earlier: earlier.use, why });
        warnings.push({ step: at, message });
      }
    }
  });
  return warnings;
}
