import { einsumChecks } from "../testing/cases/einsum.ts";
import { indexingChecks } from "../testing/cases/indexing.ts";
import { scatterChecks } from "../testing/cases/scatter.ts";
import { describeRule } from "../testing/describe-rule.ts";

for (const check of [...indexingChecks, ...scatterChecks, ...einsumChecks]) describeRule(check);
