import { install } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";

/**
 * `npm run results:training [-- PART…]`: what techniques that train are worth, each with repeated seeds, into
 * docs/results. Seeds that are finished are kept under .cache/results, so that a run goes on where it ended.
 */
await stage("dependencies", install);
const { distillation } = await import("../results/distillation/main.ts");

const parts: Readonly<Record<string, (say: (line: string) => void) => Promise<void>>> = { distillation };
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}\n`,
  );
  process.exitCode = 2;
} else {
  try {
    for (const [name, run] of Object.entries(parts)) {
      if (asked.length > 0 && !asked.includes(name)) continue;
      await run((line) => process.stdout.write(`  ${line}\n`));
    }
  } catch (error) {
    explain(error);
    process.exitCode = 2;
  }
}
