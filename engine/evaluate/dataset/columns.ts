import { EngineError } from "#engine/error.ts";
import type { NumericData } from "../tensors/tensor.ts";
import type { Picture } from "./formats/picture.ts";

/** Numbers of a table, one per row. */
export interface NumberColumn {
  readonly kind: "number";
  readonly values: Float64Array;
}

/** Cells of a table as written. */
export interface TextColumn {
  readonly kind: "text";
  readonly values: readonly string[];
}

/** One array of equal shape per item, as IDX files hold them; shape [] means a number per item. */
export interface ArrayColumn {
  readonly kind: "array";
  readonly itemShape: readonly number[];
  /** All items after each other. */
  readonly values: Exclude<NumericData, BigInt64Array | BigUint64Array>;
}

/** Pictures of different sizes. */
export interface PictureColumn {
  readonly kind: "pictures";
  readonly values: readonly Picture[];
}

export type Column = NumberColumn | TextColumn | ArrayColumn | PictureColumn;

/** Rows that one file (or one set of IDX files) gives. */
export interface Table {
  /** Names of all columns in the file's order, also of those that were not kept. */
  readonly names: readonly string[];
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
  /** The first rows as written, for a preview; empty where items are arrays. */
  readonly head: readonly (readonly string[])[];
}

/** Refuses datasets that would not fit in memory next to a model. */
export const maxRows = 20_000_000;

export function columnLength(column: Column): number {
  if (column.kind !== "array") return column.values.length;
  return column.values.length / itemSize(column);
}

export function itemSize(column: ArrayColumn): number {
  return column.itemShape.reduce((product, size) => product * size, 1);
}

/** Appends the rows of tables that have the same columns. */
export function concatenate(tables: readonly Table[]): Table {
  const [first, ...rest] = tables;
  if (first === undefined) throw new EngineError("data-mismatch", "The dataset has no rows");
  if (rest.length === 0) return first;
  const columns = new Map<string, Column>();
  for (const name of first.columns.keys()) {
    columns.set(
      name,
      concatenateColumn(
        name,
        tables.map((table) => existing(table, name)),
      ),
    );
  }
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  if (rows > maxRows) throw new EngineError("limit-exceeded", `A dataset has at most ${maxRows} items`);
  return { names: first.names, rows, columns, head: tables.flatMap((table) => table.head) };
}

function existing(table: Table, name: string): Column {
  const column = table.columns.get(name);
  if (column === undefined) throw missingColumn(name, table.names);
  return column;
}

export function missingColumn(name: string | number, names: readonly string[], purpose = "") {
  const listed = names.slice(0, 40).map((other) => `"${other}"`);
  const more = names.length > 40 ? ` and ${names.length - 40} more` : "";
  return new EngineError(
    "data-mismatch",
    `There is no column ${JSON.stringify(name)}${purpose}; the columns are ${listed.join(", ")}${more}`,
  );
}

function concatenateColumn(name: string, parts: readonly Column[]): Column {
  const [first] = parts;
  if (first?.kind === "text") {
    return { kind: "text", values: parts.flatMap((part) => (part.kind === "text" ? part.values : [])) };
  }
  if (first?.kind === "number") {
    const values = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0));
    let offset = 0;
    for (const part of parts) {
      if (part.kind === "number") values.set(part.values, offset);
      offset += part.values.length;
    }
    return { kind: "number", values };
  }
  // Pictures of one size in each file are pictures of several sizes where the files differ.
  if (parts.some((part) => part.kind === "pictures") || areImagesOfDifferentSizes(parts)) {
    return { kind: "pictures", values: parts.flatMap((part) => picturesOf(part, name)) };
  }
  return concatenateArrays(name, parts);
}

function areImagesOfDifferentSizes(parts: readonly Column[]): boolean {
  const shapes = parts.map((part) =>
    part.kind === "array" && part.values instanceof Uint8Array ? part.itemShape : [],
  );
  const channels = shapes[0]?.[2];
  const areImages = shapes.every((shape) => shape.length === 3 && shape[2] === channels);
  return areImages && (channels === 1 || channels === 3) && new Set(shapes.map(String)).size > 1;
}

function picturesOf(column: Column, name: string): readonly Picture[] {
  if (column.kind === "pictures") return column.values;
  const [height = 0, width = 0, channels] = column.kind === "array" ? column.itemShape : [];
  const pixels = column.values;
  if (!(pixels instanceof Uint8Array) || (channels !== 1 && channels !== 3)) {
    throw new EngineError("data-mismatch", `The files of column "${name}" differ: pictures and other arrays`);
  }
  const size = height * width * channels;
  return Array.from({ length: pixels.length / size }, (_, index) => ({
    height,
    width,
    channels,
    pixels: pixels.subarray(index * size, (index + 1) * size),
  }));
}

function concatenateArrays(name: string, parts: readonly Column[]): ArrayColumn {
  const arrays = parts.filter((part) => part.kind === "array");
  const [first] = arrays;
  if (first === undefined) throw new EngineError("data-mismatch", `Column "${name}" is empty`);
  const length = arrays.reduce((sum, part) => sum + part.values.length, 0);
  const values = emptyLike(first.values, length);
  let offset = 0;
  for (const part of arrays) {
    const sameType = part.values.constructor === first.values.constructor;
    if (!sameType || part.itemShape.join() !== first.itemShape.join()) {
      throw new EngineError(
        "data-mismatch",
        `The files of column "${name}" differ: items of [${first.itemShape.join(", ")}] and of [${part.itemShape.join(", ")}]`,
      );
    }
    values.set(part.values, offset);
    offset += part.values.length;
  }
  return { kind: "array", itemShape: first.itemShape, values };
}

function emptyLike(values: ArrayColumn["values"], length: number): ArrayColumn["values"] {
  if (values instanceof Uint8Array) return new Uint8Array(length);
  if (values instanceof Int8Array) return new Int8Array(length);
  if (values instanceof Int16Array) return new Int16Array(length);
  if (values instanceof Uint16Array) return new Uint16Array(length);
  if (values instanceof Int32Array) return new Int32Array(length);
  if (values instanceof Uint32Array) return new Uint32Array(length);
  if (values instanceof Float32Array) return new Float32Array(length);
  return new Float64Array(length);
}
