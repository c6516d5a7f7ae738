import { padChecks } from "../testing/cases/pad.ts";
import { repeatChecks } from "../testing/cases/repeats.ts";
import { shapeChecks } from "../testing/cases/shapes.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of [...shapeChecks, ...repeatChecks, ...padChecks]) describeRule(check);
