import { EngineError } from "#engine/error.ts";
import type { Column, Table } from "./columns.ts";
import type { Manifest } from "./manifest.schema.ts";
import { groupColumn, resolveColumn } from "./resolve.ts";

/** Class index per row, with a name per class. */
export interface ClassLabels {
  readonly kind: "class";
  readonly values: Int32Array;
  readonly names: readonly string[];
}

/** A number per row; `groups` numbers the lists of a ranking. */
export interface ValueLabels {
  readonly kind: "value";
  readonly values: Float64Array;
  readonly groups: Int32Array | undefined;
}

export type Labels = ClassLabels | ValueLabels;

/** More classes than this are a sign that the label is an identifier or a quantity. */
const maxClasses = 100_000;

/**
 * Labels of all rows. A classification label is looked up in the manifest's `classes` where given; else whole
 * numbers from 0 are the index themselves; else the distinct cells, sorted, are the classes.
 */
export function readLabels(manifest: Manifest, table: Table): Labels | undefined {
  const { label, task } = manifest;
  if (label === undefined) return undefined;
  const name = resolveColumn(label.from, table.names, " for the label");
  const column = table.columns.get(name)!;
  if (column.kind === "array" && column.itemShape.some((size) => size !== 1)) {
    throw new EngineError(
      "data-mismatch",
      `A label is one value per item; column "${name}" has items of [${column.itemShape.join(", ")}]`,
    );
  }
  if (column.kind === "pictures") {
    throw new EngineError("data-mismatch", `A label is one value per item; column "${name}" has pictures`);
  }
  if (task === "classification") return classLabels(column, name, label.classes);
  const values = Float64Array.from(column.values, Number);
  return { kind: "value", values, groups: task === "ranking" ? groupsOf(manifest, table) : undefined };
}

type PlainColumn = Exclude<Column, { kind: "pictures" }>;

function classLabels(
  column: PlainColumn,
  name: string,
  classes: readonly (string | number)[] | undefined,
): ClassLabels {
  if (classes !== undefined) return byName(column, name, classes.map(String));
  const numbers = column.kind === "text" ? column.values.map(wholeNumber) : Array.from(column.values);
  if (numbers.every((value) => value !== undefined && Number.isInteger(value) && value >= 0)) {
    const values = Int32Array.from(numbers, (value) => value ?? 0);
    const count = values.reduce((largest, value) => Math.max(largest, value), 0) + 1;
    if (count > maxClasses) throw tooMany(name, count);
    return { kind: "class", values, names: Array.from({ length: count }, (_, index) => String(index)) };
  }
  const distinct = new Set(Array.from<string | number, string>(column.values, String));
  if (distinct.size > maxClasses) throw tooMany(name, distinct.size);
  return byName(column, name, [...distinct].sort());
}

function wholeNumber(cell: string): number | undefined {
  return /^\s*\d{1,9}\s*$/.test(cell) ? Number(cell) : undefined;
}

function byName(column: PlainColumn, name: string, names: readonly string[]): ClassLabels {
  const index = new Map(names.map((cell, position) => [cell, position]));
  const values = new Int32Array(column.values.length);
  for (let row = 0; row < values.length; row++) {
    const cell = String(column.values[row]).trim();
    const found = index.get(cell) ?? index.get(String(column.values[row]));
    if (found === undefined) {
      throw new EngineError(
        "data-mismatch",
        `The label "${cell.slice(0, 60)}" of item ${row} is not among the classes`,
        `column "${name}"`,
      );
    }
    values[row] = found;
  }
  return { kind: "class", values, names };
}

function tooMany(name: string, count: number): EngineError {
  return new EngineError(
    "limit-exceeded",
    `The label column has ${count} classes, at most ${maxClasses} are possible; is the task a regression?`,
    `column "${name}"`,
  );
}

function groupsOf(manifest: Manifest, table: Table): Int32Array {
  const name = groupColumn(manifest, table.names);
  const column = table.columns.get(name)!;
  if (column.kind !== "pictures") return numberGroups(column);
  throw new EngineError("data-mismatch", `Column "${name}" has pictures and cannot group items`);
}

function numberGroups(column: PlainColumn): Int32Array {
  const numbers = new Map<string | number, number>();
  const groups = new Int32Array(column.values.length);
  for (let row = 0; row < groups.length; row++) {
    const key = column.values[row]!;
    let group = numbers.get(key);
    if (group === undefined) {
      group = numbers.size;
      numbers.set(key, group);
    }
    groups[row] = group;
  }
  return groups;
}
