import { EngineError } from "#engine/error.ts";
import type { Table } from "./columns.ts";
import { missingColumn } from "./columns.ts";
import { type Archive, contentOf, type Unzip } from "./formats/archive.ts";
import { arraysOf, readArray, readNpz, tableOfArrays } from "./formats/arrays.ts";
import { readSounds, soundsOf } from "./formats/audio.ts";
import { readCsv } from "./formats/csv.ts";
import { readImages } from "./formats/images.ts";
import { readJsonLines } from "./formats/jsonl.ts";
import { readParquet } from "./formats/parquet.ts";
import { recognise } from "./formats/recognise.ts";
import { type Manifest, memberOf, type Source } from "./manifest.schema.ts";
import { checkFinite } from "./missing.ts";
import { usedColumns } from "./resolve.ts";

/** Gives the content of a file of the dataset, already decompressed; throws where there is none. */
export type OpenFile = (name: string) => Uint8Array;

/** Bytes without the methods of Node's Buffer, whose `slice` shares memory where that of others copies. */
export function plainly(open: OpenFile): OpenFile {
  return (name) => {
    const { buffer, byteOffset, byteLength } = open(name);
    return new Uint8Array(buffer, byteOffset, byteLength);
  };
}

/**
 * Reads one source: a table of text or JSON lines, a sound, or one IDX or NPY file per column, whose item counts must
 * agree.
 *
 * @throws EngineError "unsupported" for archives and Parquet, which `readPackedSource` reads
 */
export function readSource(manifest: Manifest, source: Source, open: OpenFile): Table {
  if (typeof source !== "string") return checked(manifest, readArrays(manifest, source, open, new Map()));
  return readPlain(manifest, source, open(source));
}

/** Reads any source, also those that are unpacked or decoded step by step. */
export async function readPackedSource(
  manifest: Manifest,
  source: Source,
  open: OpenFile,
  unzip: Unzip,
): Promise<Table> {
  const want = (names: readonly string[]) => usedColumns(manifest, names);
  if (typeof source !== "string") {
    const archives = new Map<string, Archive>();
    for (const { file, array } of Object.values(source).map(memberOf)) {
      if (array !== undefined && !archives.has(file)) archives.set(file, await unzip(open(file), file));
    }
    return checked(manifest, readArrays(manifest, source, open, archives));
  }
  const bytes = open(source);
  const format = bytes.length === 0 ? "table" : recognise(bytes, source);
  if (format === "parquet") return readParquet(bytes, source, want);
  if (format !== "zip") return readPlain(manifest, source, bytes);
  const { content, entries } = contentOf(await unzip(bytes, source), source);
  if (content === "arrays") return checked(manifest, readNpz(entries, source, want));
  if (content === "images") return readImages(entries, source, manifest, want);
  return readSounds(soundsOf(entries), true, manifest, want);
}

function readPlain(manifest: Manifest, source: string, bytes: Uint8Array): Table {
  if (bytes.length === 0) throw new EngineError("data-mismatch", "The file is empty", source);
  const want = (names: readonly string[]) => usedColumns(manifest, names);
  const format = recognise(bytes, source);
  switch (format) {
    case "table":
      return readCsv(bytes, source, manifest.csv, want);
    case "json-lines":
      return readJsonLines(bytes, source, want);
    case "wav":
      return readSounds([{ path: source, bytes: () => bytes }], false, manifest, want);
    case "idx":
    case "npy":
      throw new EngineError(
        "data-mismatch",
        `This is an ${format.toUpperCase()} file: name its column, as in {images: FILE, labels: FILE}`,
        source,
      );
    default:
      throw new EngineError("unsupported", `A ${format} file is not read here`, source);
  }
}

function readArrays(
  manifest: Manifest,
  files: Record<string, string>,
  open: OpenFile,
  archives: ReadonlyMap<string, Archive>,
): Table {
  const names = Object.keys(files);
  // Before any file is opened, so that a wrong column is reported even when a file is missing too.
  usedColumns(manifest, names);
  const given = new Map(Object.entries(files));
  return tableOfArrays(names, (name) => {
    const label = given.get(name) ?? "";
    const { file, array } = memberOf(label);
    if (array === undefined) return { file, ...readArray(open(file), file) };
    const arrays = arraysOf(archives.get(file) ?? [], file);
    const read = arrays.get(array);
    if (read === undefined) throw missingColumn(array, [...arrays.keys()], ` in ${file}`);
    return { file: label, ...read() };
  });
}

/** Arrays come whole, so that numbers that are none are looked for afterwards. */
function checked(manifest: Manifest, table: Table): Table {
  for (const [name, use] of usedColumns(manifest, table.names)) {
    const column = table.columns.get(name);
    if (column?.kind === "array") checkFinite(column, name, use === "nullable");
  }
  return table;
}
