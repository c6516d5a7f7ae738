import { elementwiseChecks } from "../testing/cases/elementwise.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of elementwiseChecks) describeRule(check);
