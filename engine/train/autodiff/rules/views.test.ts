import { alongChecks } from "../testing/cases/along.ts";
import { viewChecks } from "../testing/cases/views.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of [...viewChecks, ...alongChecks]) describeRule(check);
