import { poolingChecks } from "../testing/cases/pooling.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of poolingChecks) describeRule(check);
