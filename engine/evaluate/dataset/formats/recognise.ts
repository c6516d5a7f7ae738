import { EngineError } from "#engine/error.ts";
import { looksLikeIdx } from "./idx.ts";

/** What a file is by its first bytes. Whatever nothing speaks against is text of cells. */
export type FileFormat = "table" | "json-lines" | "idx" | "npy" | "zip" | "parquet" | "wav";

const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0));

const signatures: readonly (readonly [FileFormat, readonly number[]])[] = [
  ["npy", [0x93, ...ascii("NUMPY")]],
  ["zip", ascii("PK\x03\x04")],
  // An archive without entries, and one of several parts.
  ["zip", ascii("PK\x05\x06")],
  ["zip", ascii("PK\x07\x08")],
  ["parquet", ascii("PAR1")],
];

/** Files that are something else, and what to do with them. */
const foreign: readonly (readonly [start: readonly number[], message: string])[] = [
  [
    ascii("version https://git-lfs"),
    "This is a Git LFS pointer, which only names the data: fetch the file itself with `git lfs pull`",
  ],
  [ascii("PARE"), "The Parquet file is encrypted; write it without encryption"],
  [
    [0x89, ...ascii("HDF")],
    "HDF5 is not read; write its arrays with `numpy.save(FILE, ARRAY, allow_pickle=False)`",
  ],
  [ascii("ARROW1"), "Arrow and Feather files are not read; write the table as Parquet"],
  [ascii("Obj\x01"), "Avro is not read; write the table as Parquet"],
  [ascii("ORC"), "ORC is not read; write the table as Parquet"],
  [ascii("%PDF"), "This is a PDF and no data; write its table as CSV"],
  [ascii("7z\xbc\xaf"), "7-Zip archives are not read; pack the files as ZIP"],
  [ascii("Rar!"), "RAR archives are not read; pack the files as ZIP"],
  [ascii("BZh"), "bzip2 is not unpacked; pack the file with gzip"],
  [[0xfd, ...ascii("7zXZ")], "xz is not unpacked; pack the file with gzip"],
  [[0x28, 0xb5, 0x2f, 0xfd], "Zstandard is not unpacked; pack the file with gzip"],
  [[0xd0, 0xcf, 0x11, 0xe0], "This is an old Office file; save the sheet as CSV, UTF-8"],
  [
    [0x89, ...ascii("PNG")],
    "A single picture is no dataset; pack pictures into a ZIP whose folders name the classes",
  ],
  [
    [0xff, 0xd8, 0xff],
    "A single picture is no dataset; pack pictures into a ZIP whose folders name the classes",
  ],
  [ascii("fLaC"), "FLAC is not read; convert it to WAV"],
  [ascii("OggS"), "Ogg is not read; convert it to WAV"],
  [ascii("ID3"), "MP3 is not read; convert it to WAV"],
  [ascii("RIFX"), "Big-endian WAV (RIFX) is not read; convert it to RIFF"],
  [ascii("RF64"), "WAV of more than 4 GiB (RF64) is not read; cut it into smaller files"],
];

const starts = (bytes: Uint8Array, start: readonly number[]) =>
  bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);

/**
 * What kind of file this is, by content alone: a name says nothing that can be relied on.
 *
 * @throws EngineError "unsupported" for what is known and not read, with the way to convert it
 */
export function recognise(bytes: Uint8Array, file: string): FileFormat {
  const signature = signatures.find(([, start]) => starts(bytes, start));
  if (signature !== undefined) return signature[0];
  if (starts(bytes, ascii("RIFF")) && starts(bytes.subarray(8), ascii("WAVE"))) return "wav";
  if (looksLikeIdx(bytes)) return "idx";
  const other = foreign.find(([start]) => starts(bytes, start));
  if (other !== undefined) throw new EngineError("unsupported", other[1], file);
  if (looksLikePickle(bytes)) throw pickled(file);
  return startsWithObject(bytes) ? "json-lines" : "table";
}

/** Protocols 2 to 5 begin with PROTO and their number (CPython, Lib/pickletools.py) and end with STOP. */
export function looksLikePickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5 && bytes.length > 3;
}

/** Pickles run code of whoever wrote them, so that they are never opened. */
export function pickled(file: string): EngineError {
  return new EngineError(
    "unsupported",
    "This is a Python pickle, which can run any code when it is opened, so it never is: write arrays with " +
      "`numpy.save(FILE, ARRAY, allow_pickle=False)`, tables as Parquet or CSV, and models with `torch.onnx.export`",
    file,
  );
}

/** JSON lines begin with an object; a cell of a table that does would be a strange one. */
function startsWithObject(bytes: Uint8Array): boolean {
  let at = starts(bytes, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  const isSpace = (byte: number | undefined) =>
    byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  if (bytes[at] !== 0x7b) return false;
  at++;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return bytes[at] === 0x22 || bytes[at] === 0x7d;
}
