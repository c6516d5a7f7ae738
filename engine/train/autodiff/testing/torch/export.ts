import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { allChecks } from "../cases/index.ts";
import { randomSeed, shapesChecked } from "../check.ts";
import { upstreamOf } from "../run.ts";
import { storeCase } from "../stored.ts";

/*
 * Writes the cases of the rules for which TensorFlow.js has no gradient, for `vectors.py`:
 * node export.ts FILE [RULE …]
 */
const [file = "cases.json", ...names] = process.argv.slice(2);
const checks = allChecks.filter(
  ({ name, tensorflow }) => tensorflow === undefined && (names.length === 0 || names.includes(name)),
);
const all = Object.fromEntries(
  checks.map(({ name, cases, reference }) => [
    name,
    fc.sample(cases, { numRuns: shapesChecked, seed: randomSeed }).map((rule) => ({
      case: storeCase(rule),
      upstream: upstreamOf(rule, reference(rule.inputs, rule)).map(({ dims, data }) => ({
        dims,
        data: [...data],
      })),
    })),
  ]),
);
writeFileSync(file, JSON.stringify(all));
console.info(`${checks.length} rules, ${checks.length * shapesChecked} cases`);
