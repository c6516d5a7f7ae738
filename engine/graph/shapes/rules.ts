import { controlRules } from "./control.ts";
import { elementwiseRules } from "./elementwise.ts";
import { layoutRules } from "./layout.ts";
import { matrixRules } from "./matrix.ts";
import { quantizeRules } from "./quantize.ts";
import { recurrentRules } from "./recurrent.ts";
import { reduceRules } from "./reduce.ts";
import { selectRules } from "./select.ts";
import { sourceRules } from "./source.ts";
import type { Rule } from "./view.ts";
import { windowRules } from "./window.ts";

const rules = new Map<string, Rule>(
  Object.entries({
    ...elementwiseRules,
    ...windowRules,
    ...matrixRules,
    ...layoutRules,
    ...selectRules,
    ...reduceRules,
    ...recurrentRules,
    ...quantizeRules,
    ...sourceRules,
    ...controlRules,
  }),
);

/**
 * Domains whose operators the rules speak of: ONNX itself, ONNX Runtime's additions under the same names, and what stands
 * in training graphs alone.
 */
const knownDomains = new Set(["", "com.microsoft", "com.ms.internal.nhwc", "parsimony.training"]);

/** The shape rule of an operator, undefined where there is none. */
export function ruleOf(domain: string, opType: string): Rule | undefined {
  return knownDomains.has(domain) ? rules.get(opType) : undefined;
}

/** Operators with a shape rule, for documentation and tests. */
export function operatorsWithRules(): string[] {
  return [...rules.keys()].sort();
}
