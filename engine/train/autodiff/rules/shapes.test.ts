import { shapeChecks } from "../testing/cases/shapes.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of shapeChecks) describeRule(check);
