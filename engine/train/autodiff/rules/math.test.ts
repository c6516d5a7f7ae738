import { mathChecks } from "../testing/cases/math.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of mathChecks) describeRule(check);
