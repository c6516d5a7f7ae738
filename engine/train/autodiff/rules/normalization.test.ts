import { normalizationChecks } from "../testing/cases/normalization.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of normalizationChecks) describeRule(check);
