import { install } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";

/**
 * `npm run results:distillation`: what a teacher is worth, with repeated seeds, into docs/results/distillation.md. Seeds
 * that are finished are kept under .cache/results, so that a run goes on where it ended.
 */
await stage("dependencies", install);
const { distillation } = await import("../bench/distillation/main.ts");

try {
  await distillation((line) => process.stdout.write(`  ${line}\n`));
} catch (error) {
  explain(error);
  process.exitCode = 2;
}
