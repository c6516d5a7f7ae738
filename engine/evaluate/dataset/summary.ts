import type { Column } from "./columns.ts";
import type { Dataset } from "./dataset.ts";
import { type SplitName, splitNames } from "./manifest.schema.ts";
import { datasetRemarks } from "./remarks.ts";
import { resolveColumn } from "./resolve.ts";
import type { DatasetSummary } from "./summary.schema.ts";
import { sampleImages } from "./thumbnails.ts";

const maxColumns = 256;
const maxClasses = 1000;
const bins = 20;
const maxCellCharacters = 300;

/** What a page previews: counts, columns, histogram of the label, first rows, sample pictures. JSON-able. */
export function summarise(dataset: Dataset): DatasetSummary {
  const { manifest, table } = dataset;
  const listed = table.names.slice(0, maxColumns);
  return {
    name: manifest.name,
    task: manifest.task,
    items: perSplit((split) => dataset.splits[split].length),
    columns: listed.map((name) => describeColumn(name, table.columns.get(name))),
    columnsCut: table.names.length > listed.length,
    label: describeLabel(dataset),
    head: table.head.slice(0, 20).map((row) => row.slice(0, maxColumns).map((cell) => cut(cell))),
    images: sampleImages(dataset),
    remarks: datasetRemarks(dataset),
  };
}

function cut(cell: string): string {
  return cell.length > maxCellCharacters ? `${cell.slice(0, maxCellCharacters)}…` : cell;
}

function perSplit<T>(value: (split: SplitName) => T): Record<SplitName, T> {
  const [train, calibration, tuning, test] = splitNames;
  return { train: value(train), calibration: value(calibration), tuning: value(tuning), test: value(test) };
}

function describeColumn(name: string, column: Column | undefined): DatasetSummary["columns"][number] {
  if (column === undefined) return { name, kind: "unused" };
  if (column.kind === "text") return { name, kind: "text" };
  if (column.kind === "pictures") return { name, kind: "array", range: { low: 0, high: 255 } };
  const range = rangeOf(column.values);
  if (column.kind === "number") return { name, kind: "number", range };
  return { name, kind: "array", itemShape: [...column.itemShape], range };
}

function rangeOf(values: ArrayLike<number>): { low: number; high: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : undefined;
}

function describeLabel(dataset: Dataset): DatasetSummary["label"] {
  const { labels, manifest, table, splits } = dataset;
  if (labels === undefined || manifest.label === undefined) return undefined;
  const column = resolveColumn(manifest.label.from, table.names, "");
  const histogram = (size: number, bin: (row: number) => number) =>
    perSplit((split) => {
      const counts = new Array<number>(size).fill(0);
      for (const row of splits[split]) {
        const index = bin(row);
        if (index < size) counts[index]!++;
      }
      return counts;
    });
  if (labels.kind === "class") {
    const classes = labels.names.slice(0, maxClasses);
    const counts = histogram(classes.length, (row) => labels.values[row]!);
    return { kind: "class", column, classes, classCount: labels.names.length, counts };
  }
  const few = fewValues(labels.values);
  if (few) {
    const place = new Map(few.map((value, index) => [value, index]));
    const counts = histogram(few.length, (row) => place.get(labels.values[row]!)!);
    return { kind: "value", column, edges: edgesAround(few), values: few, counts };
  }
  const { low, high } = rangeOf(labels.values) ?? { low: 0, high: 0 };
  const width = (high - low) / bins || 1;
  const edges = Array.from({ length: bins + 1 }, (_, index) => low + index * width);
  // The largest value belongs to the last bin.
  const bin = (row: number) => Math.min(bins - 1, Math.floor((labels.values[row]! - low) / width));
  return { kind: "value", column, edges, counts: histogram(bins, bin) };
}

/** The values in ascending order where there are no more than bins, as with ratings in half stars. */
function fewValues(values: ArrayLike<number>): number[] | undefined {
  const seen = new Set<number>();
  for (let index = 0; index < values.length && seen.size <= bins; index++) seen.add(values[index]!);
  return seen.size <= bins ? [...seen].toSorted((one, other) => one - other) : undefined;
}

/** Bounds half-way between neighbours, and as far beyond the ends. */
function edgesAround(values: readonly number[]): number[] {
  const between = values.slice(1).map((value, index) => (value + values[index]!) / 2);
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  return [2 * first - (between[0] ?? first + 0.5), ...between, 2 * last - (between.at(-1) ?? last - 0.5)];
}
