import { EngineError } from "#engine/error.ts";
import { concatenate, type Table } from "./columns.ts";
import { createEncoder, type InputEncoder } from "./encoders.ts";
import type { Unzip } from "./formats/archive.ts";
import { type Labels, readLabels } from "./labels.ts";
import { type Manifest, type SplitName, splitNames } from "./manifest.schema.ts";
import { dropMissing } from "./missing.ts";
import { type OpenFile, plainly, readPackedSource, readSource } from "./sources.ts";
import { type GivenRange, makeSplits, type Splits } from "./splits.ts";

/** A dataset in memory: one table of all items, the splits as row numbers into it. */
export interface Dataset {
  readonly manifest: Manifest;
  readonly table: Table;
  readonly splits: Splits;
  readonly labels: Labels | undefined;
  /** One per input of the manifest, in its order. */
  readonly encoders: readonly InputEncoder[];
  /** Items left out because they lack a value. */
  readonly dropped: number;
}

export interface LoadOptions {
  /** Splits that will be used: files that only serve others are not read. Default: all. */
  readonly splits?: readonly SplitName[];
}

/**
 * Loads a dataset of tables, JSON lines, sounds and plain arrays.
 *
 * @param given gives the content of a file by its name in the manifest, already decompressed
 * @throws EngineError "data-mismatch", "malformed", "truncated", "unsupported" or "limit-exceeded", naming file, line
 * and column; archives and Parquet are "unsupported" and need `openDataset`
 */
export function loadDataset(manifest: Manifest, given: OpenFile, options: LoadOptions = {}): Dataset {
  const open = plainly(given);
  const parts = wantedSources(manifest, options.splits).map(({ split, source }) => ({
    split,
    ...dropMissing(manifest, readSource(manifest, source, open)),
  }));
  return assemble(manifest, parts, open);
}

/**
 * Loads a dataset of any format.
 *
 * @param given as for `loadDataset`
 * @param unzip opens archives
 * @throws EngineError as `loadDataset`
 */
export async function openDataset(
  manifest: Manifest,
  given: OpenFile,
  unzip: Unzip,
  options: LoadOptions = {},
): Promise<Dataset> {
  const open = plainly(given);
  const parts: Part[] = [];
  for (const { split, source } of wantedSources(manifest, options.splits)) {
    parts.push({ split, ...dropMissing(manifest, await readPackedSource(manifest, source, open, unzip)) });
  }
  return assemble(manifest, parts, open);
}

/** The items of one source. */
interface Part {
  readonly split: SplitName | undefined;
  readonly table: Table;
  readonly dropped: number;
}

function assemble(manifest: Manifest, parts: readonly Part[], open: OpenFile): Dataset {
  const ranges: GivenRange[] = [];
  let offset = 0;
  for (const { split, table } of parts) {
    ranges.push({ split, from: offset, to: offset + table.rows });
    offset += table.rows;
  }
  const table = concatenate(parts.map((part) => part.table));
  const labels = readLabels(manifest, table);
  const splits = makeSplits(manifest, table, ranges, labels);
  const encoders = manifest.inputs.map((input) => createEncoder(input, table, open, splits.train));
  const dropped = parts.reduce((sum, part) => sum + part.dropped, 0);
  return { manifest, table, splits, labels, encoders, dropped };
}

function wantedSources(manifest: Manifest, wanted: readonly SplitName[] = splitNames) {
  const { splits } = manifest;
  if (splits.file !== undefined) return [{ split: undefined, source: splits.file }];
  const cutsTrain = wanted.some((name) => typeof splits[name] === "number");
  // Without a list of classes their names come from all files, and must not depend on what is asked for.
  const needsTrain = manifest.inputs.some(({ missing }) => missing === "mean");
  const needsAll = manifest.task === "classification" && manifest.label && !manifest.label.classes;
  return splitNames.flatMap((split) => {
    const source = splits[split];
    if (source === undefined || typeof source === "number") return [];
    const needed = wanted.includes(split) || (split === "train" && (cutsTrain || needsTrain));
    const isCsv = typeof source === "string";
    return needed || (needsAll && isCsv) ? [{ split, source }] : [];
  });
}

/**
 * Rows of a split that must have items.
 *
 * @throws EngineError "data-mismatch" that says which splits have items
 */
export function rowsOf(dataset: Dataset, split: SplitName): Uint32Array {
  const rows = dataset.splits[split];
  if (rows.length > 0) return rows;
  const present = splitNames.filter((name) => dataset.splits[name].length > 0);
  throw new EngineError(
    "data-mismatch",
    `The dataset "${dataset.manifest.name}" has no ${split} split; it has ${present.join(", ") || "none"}`,
  );
}

/**
 * Rows to calibrate on: the calibration split, or else evenly spaced rows of train. Never test or tuning rows,
 * which must stay unseen.
 */
export function calibrationRows(dataset: Dataset, count = 300): { rows: Uint32Array; split: SplitName } {
  const { calibration } = dataset.splits;
  if (calibration.length > 0) return { rows: calibration.slice(0, count), split: "calibration" };
  const train = rowsOf(dataset, "train");
  const taken = Math.min(count, train.length);
  const step = train.length / taken;
  return {
    rows: Uint32Array.from({ length: taken }, (_, index) => train[Math.floor(index * step)]!),
    split: "train",
  };
}
