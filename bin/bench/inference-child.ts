import { loadDatasetFrom } from "#engine/runtime/dataset-files.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { calibrationOf } from "#engine/runtime/tools.ts";

/** What plain inference takes over the items that calibration looks at, in the same batches. Printed as JSON. */
export interface InferenceCost {
  readonly items: number;
  /** Middle of several passes over the items, the making of the feeds included, as in calibration. */
  readonly seconds: number;
}

const passes = 5;
const [model = "", data = ""] = process.argv.slice(2);
const { items, batches } = calibrationOf(await loadDatasetFrom(data, { splits: ["train"] }));
const session = await loadSession(model);
const times: number[] = [];
for (let pass = 0; pass < passes; pass++) {
  const started = performance.now();
  for (const { feeds } of batches(session.signature)) await session.run(feeds);
  times.push((performance.now() - started) / 1000);
}
const cost: InferenceCost = {
  items,
  seconds: times.sort((a, b) => a - b)[Math.floor(passes / 2)] ?? Number.NaN,
};
process.stdout.write(JSON.stringify(cost));
