import { readFileSync } from "node:fs";
import { join } from "node:path";
import { splitDigests } from "#engine/evaluate/dataset/digest.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { summarise } from "#engine/evaluate/dataset/summary.ts";
import { openFolder, readDatasetFiles } from "#engine/runtime/dataset-files.ts";
import { sha256Hex } from "#engine/runtime/hash.ts";
import { largestMegabytes } from "../memory.ts";
import type { Cost } from "./cost.schema.ts";
import { readPlainly } from "./plain.ts";
import { subjects } from "./subjects.ts";

/**
 * Reads one file in a process of its own, as a registration does (`ours`: read, look for leaks, summarise, digest) or with
 * a library alone (`plain`). Prints seconds, CPU seconds, items and the highest resident set.
 */
const [how = "", name = "", folder = ""] = process.argv.slice(2);
const subject = subjects.find((one) => one.file === name);
if (subject !== undefined) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const items = how === "ours" ? await ingested(subject.manifest) : await readPlainly(join(folder, name));
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  const cpuSeconds = (used.user + used.system) / 1e6;
  const cost: Cost = { seconds, cpuSeconds, items, peakMegabytes: largestMegabytes(process.pid) };
  process.stdout.write(JSON.stringify(cost));
}

async function ingested(manifest: object): Promise<number> {
  const dataset = await readDatasetFiles(parseManifest(JSON.stringify(manifest)), openFolder(folder));
  summarise(dataset);
  splitDigests(dataset, sha256Hex);
  // The digest of a version covers the bytes of its files, too.
  sha256Hex(readFileSync(join(folder, name)));
  return dataset.table.rows;
}
