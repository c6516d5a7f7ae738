import { readFileSync } from "node:fs";
import type { ChildTask } from "#contracts/child.ts";
import { canonicalJson } from "#engine/evaluate/canonical-json.ts";
import { preprocessingOf } from "#engine/evaluate/comparability.ts";
import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import { splitDigests } from "#engine/evaluate/dataset/digest.ts";
import { summarise } from "#engine/evaluate/dataset/summary.ts";
import { sha256Hex } from "#engine/runtime/hash.ts";
import { readDataset } from "./dataset-file.ts";
import { say } from "./parent.ts";

/**
 * Which data this is: the content of the splits, the files (vocabularies too), the label and how inputs are prepared.
 * Names and descriptions do not matter, so that two organisations with the same data get the same digest.
 */
function digestOf(dataset: Dataset, files: Readonly<Record<string, string>>): string {
  const hashes = Object.values(files).map((path) => sha256Hex(readFileSync(path)));
  const { task, label } = dataset.manifest;
  const about = {
    splits: splitDigests(dataset, sha256Hex),
    files: hashes.sort(),
    task,
    label: label ?? null,
    inputs: preprocessingOf(dataset.manifest),
  };
  return sha256Hex(new TextEncoder().encode(canonicalJson(about)));
}

export async function ingest(task: Extract<ChildTask, { kind: "ingest" }>): Promise<void> {
  const dataset = await readDataset(task);
  say({ kind: "ingested", summary: summarise(dataset), digest: digestOf(dataset, task.files) });
}
