import type { Column } from "./columns.ts";
import type { Dataset } from "./dataset.ts";
import type { SplitName } from "./manifest.schema.ts";
import { murmur3 } from "./murmur3.ts";
import { resolveColumns } from "./resolve.ts";

/** Items that are measured or chosen by, and what must not have shown them before. */
const pairs: readonly (readonly [SplitName, SplitName])[] = [
  ["test", "train"],
  ["test", "calibration"],
  ["test", "tuning"],
  ["tuning", "train"],
];

export interface Leak {
  readonly split: SplitName;
  readonly other: SplitName;
  /** Items of `split` that `other` has as well. */
  readonly count: number;
  readonly total: number;
}

/**
 * Items of a split that another split has as well, told by what the inputs read of them and not by their labels. They are
 * found by 53 bits of two hashes of their content, so that among a million items of each split a pair is taken for equal
 * by mistake once in ten thousand datasets.
 */
export function findLeaks(dataset: Dataset): Leak[] {
  const keyOf = contentKeys(dataset);
  return pairs.flatMap(([split, other]) => {
    const [measured, seen] = [dataset.splits[split], dataset.splits[other]];
    if (measured.length === 0 || seen.length === 0) return [];
    const open = new Map<number, number>();
    for (const row of measured) {
      const key = keyOf(row);
      open.set(key, (open.get(key) ?? 0) + 1);
    }
    let count = 0;
    for (const row of seen) {
      const key = keyOf(row);
      count += open.get(key) ?? 0;
      open.delete(key);
    }
    return count === 0 ? [] : [{ split, other, count, total: measured.length }];
  });
}

function contentKeys({ manifest, table }: Dataset): (row: number) => number {
  const names = manifest.inputs.flatMap(({ from }) => resolveColumns(from, table.names, ""));
  const columns = [...new Set(names)].map((name) => table.columns.get(name)!);
  const numbers = columns.filter((column) => column.kind === "number");
  const others = columns.filter((column) => column.kind !== "number").map(bytesOf);
  const cells = new Float64Array(numbers.length);
  const cellBytes = new Uint8Array(cells.buffer);
  return (row) => {
    for (const [index, { values }] of numbers.entries()) cells[index] = values[row]!;
    let [high, low] = [murmur3(cellBytes, 0), murmur3(cellBytes, 1)];
    for (const bytes of others) {
      const content = bytes(row);
      [high, low] = [murmur3(content, high), murmur3(content, low)];
    }
    return high * 2 ** 21 + (low >>> 11);
  };
}

function bytesOf(column: Column): (row: number) => Uint8Array {
  if (column.kind === "text") {
    const encoder = new TextEncoder();
    return (row) => encoder.encode(column.values[row]);
  }
  if (column.kind === "pictures") return (row) => column.values[row]!.pixels;
  const { values } = column;
  const size = column.kind === "array" ? column.itemShape.reduce((product, dim) => product * dim, 1) : 1;
  const itemBytes = size * values.BYTES_PER_ELEMENT;
  return (row) => new Uint8Array(values.buffer, values.byteOffset + row * itemBytes, itemBytes);
}
