import { CsvError, type Options, parse } from "csv-parse/sync";
import { EngineError } from "#engine/error.ts";
import { type Column, maxRows, missingColumn, type Table } from "./columns.ts";
import { detectDelimiter, looksLikeHeader, parseNumber } from "./csv-dialect.ts";
import type { Manifest } from "./manifest.schema.ts";

/** Text becomes a string in memory, at up to twice this size. */
const maxBytes = 256 << 20;
const maxColumns = 16_384;
const maxCells = 400_000_000;
const headRows = 20;

/** How the manifest uses a column; numbers are read strictly, text as written. */
export type ColumnUse = "number" | "text";

/**
 * Reads the wanted columns of a CSV file.
 *
 * @param want given the names of all columns, the columns to keep; it throws where one is missing
 * @throws EngineError "malformed" for broken CSV, "data-mismatch" for an empty file, a missing column, or a cell
 * of a number column that is no number; messages have line and column
 */
export function readCsv(
  bytes: Uint8Array,
  file: string,
  dialect: Manifest["csv"],
  want: (names: readonly string[]) => ReadonlyMap<string, ColumnUse>,
): Table {
  const text = decode(bytes, file);
  const delimiter = dialect.delimiter ?? detectDelimiter(text, dialect.quotes);
  let collector: Collector | undefined;
  const options: Options = {
    delimiter,
    quote: dialect.quotes ? '"' : null,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: 16 << 20,
    on_record: (record: string[], context) => {
      if (collector === undefined) {
        const isHeader = dialect.header ?? looksLikeHeader(record);
        collector = new Collector(isHeader ? record : record.map((_, index) => String(index)), file, want);
        if (isHeader) return null;
      }
      collector.add(record, context.lines);
      // Nothing is kept by the parser itself: rows as arrays of strings would take several times the memory.
      return null;
    },
  };
  try {
    parse(text, options);
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new EngineError("malformed", `Broken CSV: ${cause.message}`, file, { cause });
  }
  if (collector === undefined || collector.rows === 0) {
    throw new EngineError(
      "data-mismatch",
      collector ? "The file has a header but no rows" : "The file is empty",
      file,
    );
  }
  return collector.table();
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > maxBytes) {
    throw new EngineError("limit-exceeded", `A CSV file has at most ${maxBytes / (1 << 20)} MiB`, file);
  }
  try {
    // Drops a byte-order mark.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EngineError("malformed", "The file is not UTF-8 text; save it with that encoding", file, {
      cause,
    });
  }
}

class Collector {
  rows = 0;
  private readonly names: readonly string[];
  private readonly file: string;
  private readonly head: string[][] = [];
  private readonly kept: { name: string; index: number; numbers?: number[]; texts?: string[] }[] = [];

  constructor(
    names: readonly string[],
    file: string,
    want: (names: readonly string[]) => ReadonlyMap<string, ColumnUse>,
  ) {
    this.names = names;
    this.file = file;
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
    for (const [name, use] of want(names)) {
      const index = names.indexOf(name);
      if (index < 0) throw missingColumn(name, names);
      this.kept.push(use === "number" ? { name, index, numbers: [] } : { name, index, texts: [] });
    }
  }

  add(record: readonly string[], line: number): void {
    if (record.length !== this.names.length) {
      throw new EngineError(
        "malformed",
        `A row has ${record.length} cells, the first has ${this.names.length}`,
        `${this.file}, line ${line}`,
      );
    }
    if (this.rows < headRows) this.head.push([...record]);
    this.rows++;
    if (this.rows > maxRows || this.rows * this.kept.length > maxCells) {
      throw new EngineError("limit-exceeded", "The table has too many cells", this.file);
    }
    for (const { name, index, numbers, texts } of this.kept) {
      const cell = record[index]!;
      texts?.push(cell);
      if (numbers === undefined) continue;
      const value = parseNumber(cell);
      if (value === undefined) throw notANumber(cell, name, `${this.file}, line ${line}`);
      numbers.push(value);
    }
  }

  table(): Table {
    const columns = new Map<string, Column>();
    for (const { name, numbers, texts } of this.kept) {
      if (numbers !== undefined) columns.set(name, { kind: "number", values: Float64Array.from(numbers) });
      else columns.set(name, { kind: "text", values: texts ?? [] });
    }
    return { names: this.names, rows: this.rows, columns, head: this.head };
  }
}

function firstDuplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function notANumber(cell: string, column: string, place: string): EngineError {
  const shown = cell.length > 60 ? `${cell.slice(0, 60)}…` : cell;
  const message = cell.trim() === "" ? "An empty cell" : `"${shown}" is not a number`;
  return new EngineError("data-mismatch", `${message} in column "${column}"`, place);
}
