import { EngineError } from "#engine/error.ts";
import type { ArrayColumn, Column, Table } from "./columns.ts";
import { isMissing } from "./formats/cells.ts";
import type { Manifest } from "./manifest.schema.ts";
import { resolveColumn, resolveColumns } from "./resolve.ts";

/**
 * The table without the items that lack a value in a column whose input or label says `missing: drop`.
 *
 * @returns also how many went
 */
export function dropMissing(manifest: Manifest, table: Table): { table: Table; dropped: number } {
  const columns = new Set<string>();
  for (const input of manifest.inputs) {
    if (input.missing !== "drop") continue;
    for (const name of resolveColumns(input.from, table.names, "")) columns.add(name);
  }
  const { label } = manifest;
  if (label?.missing === "drop") columns.add(resolveColumn(label.from, table.names, ""));
  const lacks = [...columns].map((name) => lacksValue(table.columns.get(name)!));
  if (lacks.length === 0) return { table, dropped: 0 };
  const kept: number[] = [];
  for (let row = 0; row < table.rows; row++) if (!lacks.some((test) => test(row))) kept.push(row);
  if (kept.length === table.rows) return { table, dropped: 0 };
  if (kept.length === 0) {
    throw new EngineError("data-mismatch", "Every item lacks a value in a column that says `missing: drop`");
  }
  const rows = Uint32Array.from(kept);
  const picked = new Map([...table.columns].map(([name, column]) => [name, pick(column, rows)]));
  return { table: { ...table, rows: rows.length, columns: picked }, dropped: table.rows - rows.length };
}

function lacksValue(column: Column): (row: number) => boolean {
  if (column.kind === "pictures") return () => false;
  if (column.kind === "text") return (row) => isMissing(column.values[row]);
  if (column.kind === "number") return (row) => Number.isNaN(column.values[row]);
  const size = sizeOf(column);
  return (row) => column.values.subarray(row * size, (row + 1) * size).some((value) => Number.isNaN(value));
}

function sizeOf({ itemShape }: ArrayColumn): number {
  return itemShape.reduce((product, dim) => product * dim, 1);
}

function pick(column: Column, rows: Uint32Array): Column {
  if (column.kind === "text") return { kind: "text", values: Array.from(rows, (row) => column.values[row]!) };
  if (column.kind === "pictures") {
    return { kind: "pictures", values: Array.from(rows, (row) => column.values[row]!) };
  }
  if (column.kind === "number") {
    return { kind: "number", values: Float64Array.from(rows, (row) => column.values[row]!) };
  }
  const size = sizeOf(column);
  const values = column.values.slice(0, rows.length * size);
  for (const [index, row] of rows.entries()) {
    values.set(column.values.subarray(row * size, (row + 1) * size), index * size);
  }
  return { ...column, values };
}

/**
 * What stands for missing values of each column of an input: its mean over the train split, or the number that the
 * manifest gives. Undefined where nothing is to be filled.
 *
 * @param train rows of the train split
 */
export function fillers(
  missing: "drop" | "mean" | number | undefined,
  columns: readonly Column[],
  train: Uint32Array,
  place: string,
): Float64Array | undefined {
  if (missing === undefined || missing === "drop") return undefined;
  if (typeof missing === "number") return new Float64Array(columns.length).fill(missing);
  return Float64Array.from(columns, (column) => meanOf(column, train, place));
}

function meanOf(column: Column, rows: Uint32Array, place: string): number {
  if (column.kind !== "number" && column.kind !== "array") return Number.NaN;
  const size = column.kind === "array" ? sizeOf(column) : 1;
  let sum = 0;
  let count = 0;
  for (const row of rows) {
    for (let index = row * size; index < (row + 1) * size; index++) {
      const value = column.values[index]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  }
  if (count > 0) return sum / count;
  throw new EngineError(
    "data-mismatch",
    "`missing: mean` needs a train split with values in every column; give a number instead",
    place,
  );
}

/** Refuses numbers in arrays that are none, which readers of whole arrays cannot tell from the others. */
export function checkFinite(column: ArrayColumn, name: string, allowsMissing: boolean): void {
  const { values } = column;
  if (!(values instanceof Float32Array) && !(values instanceof Float64Array)) return;
  const size = sizeOf(column);
  const found = values.findIndex(
    (value) => !Number.isFinite(value) && !(allowsMissing && Number.isNaN(value)),
  );
  if (found < 0) return;
  const help = Number.isNaN(values[found]) ? "; say with `missing` what an input does without it" : "";
  throw new EngineError(
    "data-mismatch",
    `The value ${values[found]} is no finite number${help}`,
    `item ${Math.floor(found / size)}, column "${name}"`,
  );
}
