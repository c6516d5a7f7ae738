import { endure, timeAllowed } from "#engine/testing/hostile/endure.ts";
import { everything } from "#engine/testing/hostile/everything.ts";
import { mutated, realSeeds, trainableSeeds } from "#engine/testing/hostile/mutated.ts";

/**
 * `node bin/launch.mjs fuzz-models [FROM] [COUNT]`: takes that many mutated models through everything that is done to
 * an uploaded file, as the tests do with a few, and names those that break or delay something by their number.
 */
const [from = 0, count = 1000] = process.argv.slice(2).map(Number);
const seeds = [everything(), ...trainableSeeds(), ...realSeeds()];
const print = (line: string) => process.stdout.write(`${line}\n`);
let slowest = { number: from, stage: "", milliseconds: 0 };
let [failed, refused] = [0, 0];

for (let number = from; number < from + count; number++) {
  const { model, done } = mutated(seeds, number);
  try {
    const result = await endure(model);
    if (result.outcomes.validate !== "ok") refused++;
    if (result.slowest.milliseconds > slowest.milliseconds) slowest = { number, ...result.slowest };
    if (result.slowest.milliseconds <= timeAllowed) continue;
    print(`${number} (${done.join(", ")}): ${result.slowest.stage} took too long`);
  } catch (error) {
    print(`${number} (${done.join(", ")}): ${error instanceof Error ? (error.stack ?? "") : String(error)}`);
  }
  failed++;
}
const time = `${slowest.milliseconds.toFixed(0)} ms of processor time (${slowest.stage}, number ${slowest.number})`;
print(
  `${count} models from ${seeds.length} seeds, ${refused} refused, ${failed} failed; the slowest took ${time}`,
);
process.exitCode = failed === 0 ? 0 : 1;
