import { EngineError } from "#engine/error.ts";
import { type ArrayColumn, type Column, maxRows, type Table } from "../columns.ts";
import type { Archive } from "./archive.ts";
import type { Want } from "./collector.ts";
import { readIdx } from "./idx.ts";
import { readNpy } from "./npy.ts";
import { recognise } from "./recognise.ts";

/** Reads a file that holds one array, IDX or NPY, whose first axis counts items. */
export function readArray(bytes: Uint8Array, file: string): { column: ArrayColumn; rows: number } {
  if (bytes.length === 0) throw new EngineError("data-mismatch", "The file is empty", file);
  const format = recognise(bytes, file);
  if (format === "npy") return readNpy(bytes, file);
  if (format === "idx") return readIdx(bytes, file);
  const help =
    format === "zip"
      ? `an array inside of an NPZ is named as "${file}:ARRAY"`
      : `name the file alone, as in \`${file}\``;
  throw new EngineError("data-mismatch", `A file of a column holds one array, IDX or NPY; ${help}`, file);
}

/** A table of arrays, each of a file or a part of one; all have equally many items. */
export function tableOfArrays(
  names: readonly string[],
  read: (name: string) => { file: string; column: ArrayColumn; rows: number },
  wanted: Iterable<string> = names,
): Table {
  const columns = new Map<string, Column>();
  const counts: { name: string; file: string; rows: number }[] = [];
  for (const name of wanted) {
    const { file, column, rows } = read(name);
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

const ending = ".npy";

/** Arrays of an NPZ file (`numpy.savez`), by name without `.npy`, unpacked when asked for. */
export function arraysOf(
  archive: Archive,
  file: string,
): Map<string, () => { column: ArrayColumn; rows: number }> {
  const arrays = archive.filter(({ path }) => path.endsWith(ending));
  return new Map(
    arrays.map(({ path, read }) => [
      path.slice(0, -ending.length),
      () => readArray(read(), `${file}, ${path}`),
    ]),
  );
}

/** An NPZ file as a table: its arrays are the columns, and those that the manifest uses are read. */
export function readNpz(archive: Archive, file: string, want: Want): Table {
  const arrays = arraysOf(archive, file);
  const names = [...arrays.keys()];
  return tableOfArrays(names, (name) => ({ file, ...arrays.get(name)!() }), want(names).keys());
}
