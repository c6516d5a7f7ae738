import { EngineError } from "#engine/error.ts";
import { type Column, maxRows, missingColumn, type Table } from "../columns.ts";
import { CellArrays } from "./cell-arrays.ts";
import { type Cell, isList, isMissing, plainNumber, shown, textOf } from "./cells.ts";
import { Growing } from "./growing.ts";

const maxColumns = 16_384;
const maxCells = 400_000_000;
const headRows = 20;

/**
 * How the manifest uses a column: `number` strictly, `nullable` with NaN for a missing cell, `text` as written; a
 * length means lists of numbers, cut to it or filled up with `pad`.
 */
export type ColumnUse = "number" | "nullable" | "text" | { readonly length: number; readonly pad: number };

/** The columns to keep, given the names of all; it throws where one is missing. */
export type Want = (names: readonly string[]) => ReadonlyMap<string, ColumnUse>;

type Kept = { readonly name: string; readonly index: number; readonly use: ColumnUse } & (
  | { readonly kind: "text"; readonly texts: string[] }
  | { readonly kind: "number"; readonly numbers: Growing }
  | { readonly kind: "array"; readonly arrays: CellArrays }
);

/** Gathers the wanted columns of a table row by row, whatever format the rows come from. */
export class Collector {
  rows = 0;
  readonly #names: readonly string[];
  readonly #file: string;
  readonly #wanted: ReadonlyMap<string, ColumnUse>;
  readonly #head: string[][] = [];
  #kept: Kept[] | undefined;

  constructor(names: readonly string[], file: string, want: Want) {
    this.#names = names;
    this.#file = file;
    if (names.length > maxColumns) {
      throw new EngineError(
        "limit-exceeded",
        `${names.length} columns; at most ${maxColumns} are read`,
        file,
      );
    }
    const duplicate = firstDuplicate(names);
    if (duplicate !== undefined) {
      throw new EngineError("data-mismatch", `Two columns have the name "${duplicate}"`, file);
    }
    this.#wanted = want(names);
    for (const name of this.#wanted.keys()) if (!names.includes(name)) throw missingColumn(name, names);
  }

  /** @param where the row's place in the file, for messages: "line 7" */
  add(record: readonly Cell[], where: () => string): void {
    const place = () => `${this.#file}, ${where()}`;
    if (record.length !== this.#names.length) {
      throw new EngineError(
        "malformed",
        `A row has ${record.length} cells, the first has ${this.#names.length}`,
        place(),
      );
    }
    this.#kept ??= [...this.#wanted].map(([name, use]) => this.#keep(name, use, record));
    if (this.rows < headRows) this.#head.push(record.map(shown));
    this.rows++;
    if (this.rows > maxRows || this.rows * this.#kept.length > maxCells) {
      throw new EngineError("limit-exceeded", "The table has too many cells", this.#file);
    }
    for (const kept of this.#kept) {
      const cell = record[kept.index];
      if (kept.kind === "text") kept.texts.push(textOf(cell, kept.name, place));
      else if (kept.kind === "array") kept.arrays.add(cell, kept.name, place);
      else kept.numbers.push(numberOf(cell, kept, place));
    }
  }

  /** What the first row holds decides whether a column of numbers has one or several in each cell. */
  #keep(name: string, use: ColumnUse, first: readonly Cell[]): Kept {
    const about = { name, index: this.#names.indexOf(name), use };
    if (use === "text") return { ...about, kind: "text", texts: [] };
    if (typeof use === "object") return { ...about, kind: "array", arrays: new CellArrays(use) };
    const isArray = isList(first[about.index]);
    return isArray
      ? { ...about, kind: "array", arrays: new CellArrays() }
      : { ...about, kind: "number", numbers: new Growing() };
  }

  table(): Table {
    if (this.rows === 0) {
      throw new EngineError("data-mismatch", "The file names columns but has no rows", this.#file);
    }
    const columns = new Map<string, Column>();
    for (const kept of this.#kept ?? []) {
      if (kept.kind === "text") columns.set(kept.name, { kind: "text", values: kept.texts });
      else if (kept.kind === "array") columns.set(kept.name, kept.arrays.column());
      else columns.set(kept.name, { kind: "number", values: kept.numbers.values() });
    }
    return { names: this.#names, rows: this.rows, columns, head: this.#head };
  }
}

function firstDuplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function numberOf(cell: Cell, { name, use }: Pick<Kept, "name" | "use">, place: () => string): number {
  const value = plainNumber(cell);
  if (value !== undefined) return value;
  if (use === "nullable" && isMissing(cell)) return Number.NaN;
  throw notANumber(cell, name, place());
}

function notANumber(cell: Cell, column: string, place: string): EngineError {
  const text = shown(cell);
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const message = text.trim() === "" ? "An empty cell" : `"${cut}" is not a number`;
  const help = isMissing(cell) ? "; say with `missing` what an input does without it" : "";
  return new EngineError("data-mismatch", `${message} in column "${column}"${help}`, place);
}
