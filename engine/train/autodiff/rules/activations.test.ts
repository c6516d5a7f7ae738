import { activationChecks } from "../testing/cases/activations.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of activationChecks) describeRule(check);
