import { CsvError, type Options, parse } from "csv-parse/sync";
import { EngineError } from "#engine/error.ts";
import type { Table } from "../columns.ts";
import type { Manifest } from "../manifest.schema.ts";
import { Collector, type Want } from "./collector.ts";
import { detectDelimiter, looksLikeHeader } from "./csv-dialect.ts";
import { beginningOf, utf8Of } from "./text.ts";

/** What is looked at to find the delimiter. */
const dialectBytes = 1 << 18;

/**
 * Reads the wanted columns of a text of cells: CSV, TSV, cells between semicolons, bars or double colons, with a
 * header or without.
 *
 * @throws EngineError "malformed" for broken CSV, "data-mismatch" for an empty file, a missing column, or a cell
 * of a number column that is no number; messages have line and column
 */
export function readCsv(bytes: Uint8Array, file: string, dialect: Manifest["csv"], want: Want): Table {
  const utf8 = utf8Of(bytes, file);
  const delimiter = dialect.delimiter ?? detectDelimiter(beginningOf(utf8, dialectBytes), dialect.quotes);
  let collector: Collector | undefined;
  const options: Options = {
    delimiter,
    quote: dialect.quotes ? '"' : null,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 16 << 20,
    on_record: (record: string[], context) => {
      if (collector === undefined) {
        const isHeader = dialect.header ?? looksLikeHeader(record);
        collector = new Collector(isHeader ? record : record.map((_, index) => String(index)), file, want);
        if (isHeader) return null;
      }
      collector.add(record, () => `line ${context.lines}`);
      // Nothing is kept by the parser itself: rows as arrays of strings would take several times the memory.
      return null;
    },
  };
  try {
    // As bytes: a string of the whole file would take its memory twice more.
    parse(Buffer.from(utf8.buffer, utf8.byteOffset, utf8.byteLength), options);
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
