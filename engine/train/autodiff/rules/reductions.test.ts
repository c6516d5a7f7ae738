import { reductionChecks } from "../testing/cases/reductions.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of reductionChecks) describeRule(check);
