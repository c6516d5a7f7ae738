import type { ColumnData, Compressors } from "hyparquet";
import { parquetMetadata, parquetSchema } from "hyparquet/src/metadata.js";
import { parquetRead } from "hyparquet/src/read.js";
import { compressors as decompressors } from "hyparquet-compressors";
import { EngineError } from "#engine/error.ts";
import { maxRows, type Table } from "../columns.ts";
import { isList } from "./cells.ts";
import { Collector, type Want } from "./collector.ts";

/** One page in memory; writers make pages of about a megabyte. */
const maxPageBytes = 256 << 20;

/**
 * Reads the wanted columns of a Parquet file, uncompressed or packed with Snappy, gzip, Brotli, Zstandard or LZ4. Cells
 * are numbers, texts, true and false, times (as text), null, or lists of numbers of equal shape.
 *
 * @throws EngineError "malformed" for broken files, "limit-exceeded" for those that unpack to too much,
 * "data-mismatch" as for any table
 */
export async function readParquet(bytes: Uint8Array, file: string, want: Want): Promise<Table> {
  const buffer = new Uint8Array(bytes).buffer;
  const metadata = await guarded(file, () => parquetMetadata(buffer));
  const rows = Number(metadata.num_rows);
  if (rows < 0 || rows > maxRows) {
    throw new EngineError(
      "limit-exceeded",
      `The file promises ${rows} rows; at most ${maxRows} are read`,
      file,
    );
  }
  checkChunks(metadata, bytes.length, file);
  const names = await guarded(file, () =>
    parquetSchema(metadata).children.map(({ element }) => element.name),
  );
  const collector = new Collector(names, file, want);
  const columns = [...want(names).keys()];
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const found = await guarded(file, () => readGroup(buffer, metadata, columns, rowStart, rowEnd));
    // Columns that nobody reads are not unpacked; the preview shows them empty.
    const cells = names.map((name) => found.get(name));
    if (columns.some((name) => found.get(name)?.length !== rowEnd - rowStart)) {
      throw new EngineError("malformed", `A group promises ${rowEnd - rowStart} rows and has others`, file);
    }
    for (let row = 0; row < rowEnd - rowStart; row++) {
      const record = cells.map((column) => (column === undefined ? null : plain(column[row])));
      collector.add(record, () => `row ${rowStart + row + 1}`);
    }
    rowStart = rowEnd;
  }
  if (rowStart !== rows) {
    throw new EngineError("malformed", `The file promises ${rows} rows, its groups ${rowStart}`, file);
  }
  return collector.table();
}

/** The wanted columns of one group of rows, whole: reading parts of it would unpack it again for each. */
async function readGroup(
  buffer: ArrayBuffer,
  metadata: ReturnType<typeof parquetMetadata>,
  columns: string[],
  rowStart: number,
  rowEnd: number,
): Promise<Map<string, ArrayLike<unknown>>> {
  const parts = new Map<string, ColumnData[]>();
  await parquetRead({
    file: buffer,
    metadata,
    columns,
    rowStart,
    rowEnd,
    compressors: bounded,
    geoparquet: false,
    onChunk: (chunk) => {
      const before = parts.get(chunk.columnName);
      if (before === undefined) parts.set(chunk.columnName, [chunk]);
      else before.push(chunk);
    },
  });
  return new Map(Array.from(parts, ([name, chunks]) => [name, joined(chunks)]));
}

function joined(chunks: ColumnData[]): ArrayLike<unknown> {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first.columnData;
  chunks.sort((one, other) => one.rowStart - other.rowStart);
  return chunks.flatMap(({ columnData }) => Array.from<unknown>(columnData));
}

/** Every unpacked page is bounded by what its header promises, and that by a limit. */
const bounded: Compressors = Object.fromEntries(
  Object.entries(decompressors).map(([name, unpack]) => [
    name,
    (input: Uint8Array, length: number) => {
      if (!(length >= 0 && length <= maxPageBytes)) {
        throw new EngineError(
          "limit-exceeded",
          `A page unpacks to ${length} bytes; at most ${maxPageBytes} are read`,
        );
      }
      return unpack(input, length);
    },
  ]),
);

/** A chunk of a column lies in the file and holds no more values than could be kept. */
function checkChunks({ row_groups }: ReturnType<typeof parquetMetadata>, size: number, file: string): void {
  for (const { columns } of row_groups) {
    for (const { meta_data: about } of columns) {
      if (about === undefined) throw new EngineError("unsupported", "The columns lie in other files", file);
      const values = Number(about.num_values);
      const start = Number(about.dictionary_page_offset ?? about.data_page_offset);
      const length = Number(about.total_compressed_size);
      const isInside = start >= 0 && length >= 0 && start + length <= size;
      if (!isInside || !(values >= 0 && values <= 400_000_000)) {
        throw new EngineError(
          "malformed",
          `A chunk of ${values} values in bytes ${start} to ${start + length} does not lie in the file of ${size}`,
          file,
        );
      }
    }
  }
}

/** Whatever the library throws on broken bytes becomes one kind of error. */
async function guarded<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof EngineError) throw new EngineError(cause.code, cause.detail, file, { cause });
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError("malformed", `The Parquet file cannot be read: ${message}`, file, { cause });
  }
}

/** Bytes that are no text become a list of numbers; a list may itself hold typed arrays. */
function plain(cell: unknown): unknown {
  return isList(cell) && !Array.isArray(cell) ? Array.from(cell) : cell;
}
