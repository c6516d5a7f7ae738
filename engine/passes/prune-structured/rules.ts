import type { Node } from "#engine/onnx/model.ts";
import { isStandard, microsoftDomain } from "../domains.ts";
import { microsoftAttentionRules } from "./rules/attention.ts";
import { biased, elementwiseRules } from "./rules/elementwise.ts";
import { layoutRules } from "./rules/layout.ts";
import { linearRules, microsoftLinearRules } from "./rules/linear.ts";
import { normaliseRules } from "./rules/normalise.ts";
import { recurrentRules } from "./rules/recurrent.ts";
import { reduceRules } from "./rules/reduce.ts";
import { reshapeRules } from "./rules/reshape.ts";
import { shapeRules } from "./rules/shape.ts";
import { windowRules } from "./rules/window.ts";
import type { AxesRule } from "./visit.ts";

const standard: Record<string, AxesRule> = {
  ...elementwiseRules,
  ...linearRules,
  ...layoutRules,
  ...reshapeRules,
  ...shapeRules,
  ...reduceRules,
  ...normaliseRules,
  ...windowRules,
  ...recurrentRules,
};

const microsoft: Record<string, AxesRule> = {
  ...microsoftLinearRules,
  ...microsoftAttentionRules,
  Gelu: elementwiseRules.Gelu ?? (() => []),
  QuickGelu: elementwiseRules.Gelu ?? (() => []),
  FastGelu: biased,
  BiasGelu: biased,
};

/** How an operator hands units on; undefined where that is not known, which locks whatever it reads. */
export function axesRuleOf(node: Node): AxesRule | undefined {
  const table = isStandard(node) ? standard : node.domain === microsoftDomain ? microsoft : {};
  return Object.hasOwn(table, node.opType) ? table[node.opType] : undefined;
}
