/**
 * Trains the demo models from scratch and writes them with a record of how they came about.
 *
 *     node prisma/seed/content/train.ts [--only glyphs|topics|ratings]
 *
 * The same source gives the same bytes on every machine: data, training and export use nothing but exact IEEE 754
 * arithmetic and seeded random numbers, in a fixed order, on one thread.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { baselines } from "./baselines/index.ts";
import { modelsFolder, type Records, recordsSchema } from "./models.ts";
import { datasetNames } from "./types.ts";

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = datasetNames.filter((name) => values.only === undefined || values.only === name);
if (wanted.length === 0) {
  console.error(`--only takes one of ${datasetNames.join(", ")}, not "${values.only}"`);
  process.exit(2);
}

mkdirSync(modelsFolder, { recursive: true });
const recordsFile = resolve(modelsFolder, "models.json");
const records: Partial<Records> = existsSync(recordsFile)
  ? recordsSchema.partial().parse(JSON.parse(readFileSync(recordsFile, "utf8")))
  : {};

for (const name of wanted) {
  const start = performance.now();
  const { bytes, seed, options, testError, testRmse } = baselines[name]((epoch, objective) => {
    console.log(`${name}: epoch ${epoch} of training, objective ${objective.toFixed(4)}`);
  });
  const file = `${name}.onnx`;
  writeFileSync(resolve(modelsFolder, file), bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  records[name] = { file, sha256, bytes: bytes.length, seed, ...options, testError, testRmse };
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${name}: ${(testError * 100).toFixed(2)} % wrong on the test split, ${bytes.length} bytes, ${seconds} s`,
  );
}

const ordered = Object.fromEntries(
  datasetNames.flatMap((name) => (records[name] ? [[name, records[name]]] : [])),
);
writeFileSync(recordsFile, `${JSON.stringify(ordered, null, 2)}\n`);
