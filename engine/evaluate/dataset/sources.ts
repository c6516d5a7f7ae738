import { EngineError } from "#engine/error.ts";
import { type Column, maxRows, type Table } from "./columns.ts";
import { readCsv } from "./csv.ts";
import { looksLikeIdx, readIdx } from "./idx.ts";
import type { Manifest, Source } from "./manifest.schema.ts";
import { usedColumns } from "./resolve.ts";

/** Gives the content of a file of the dataset, already decompressed; throws where there is none. */
export type OpenFile = (name: string) => Uint8Array;

/** Reads one source: a CSV file, or one IDX file per column, whose item counts must agree. */
export function readSource(manifest: Manifest, source: Source, open: OpenFile): Table {
  if (typeof source !== "string") return readIdxFiles(manifest, source, open);
  const bytes = open(source);
  if (bytes.length === 0) throw new EngineError("data-mismatch", "The file is empty", source);
  if (looksLikeIdx(bytes)) {
    throw new EngineError(
      "data-mismatch",
      "This is an IDX file: name its column, as in {images: FILE, labels: FILE}",
      source,
    );
  }
  return readCsv(bytes, source, manifest.csv, (names) => usedColumns(manifest, names));
}

function readIdxFiles(manifest: Manifest, files: Record<string, string>, open: OpenFile): Table {
  const names = Object.keys(files);
  // Before any file is opened, so that a wrong column is reported even when a file is missing too.
  usedColumns(manifest, names);
  const columns = new Map<string, Column>();
  const counts: { name: string; file: string; rows: number }[] = [];
  for (const [name, file] of Object.entries(files)) {
    const { column, rows } = readIdx(open(file), file);
    columns.set(name, column);
    counts.push({ name, file, rows });
  }
  const [first] = counts;
  if (first === undefined) throw new EngineError("malformed", "A split needs at least one file");
  const other = counts.find(({ rows }) => rows !== first.rows);
  if (other !== undefined) {
    throw new EngineError(
      "data-mismatch",
      `"${first.name}" (${first.file}) has ${first.rows} items, but "${other.name}" (${other.file}) has ${other.rows}`,
    );
  }
  if (first.rows > maxRows) throw new EngineError("limit-exceeded", `A dataset has at most ${maxRows} items`);
  return { names, rows: first.rows, columns, head: [] };
}
