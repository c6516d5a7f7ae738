import { matrixChecks } from "../testing/cases/matrix.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of matrixChecks) describeRule(check);
