import { resizeChecks } from "../testing/cases/resize.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of resizeChecks) describeRule(check);
