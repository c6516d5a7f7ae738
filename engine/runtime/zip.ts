import { crc32, inflateRawSync } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { EngineError } from "#engine/error.ts";
import type { Archive, ArchiveEntry } from "../evaluate/dataset/formats/archive.ts";

/** A directory of so many files takes some hundred megabytes by itself. */
const maxEntries = 1_000_000;
/** Room for large sets of images, as for gzip. */
const maxTotalBytes = 2 ** 31 - 1;
const maxRatio = 250;
const maxPathCharacters = 500;
/** Small files may be repetitive without harm, so the ratio counts beyond this. */
const harmlessBytes = 1 << 20;

const stored = 0;
const deflated = 8;

/**
 * Opens a ZIP archive in memory and checks all of its directory before anything is unpacked: names stay inside, no links,
 * no encryption, no bytes that belong to two files, no promise of more than fits. Files are unpacked when they are read,
 * against what the directory promised of size and checksum.
 *
 * @throws EngineError "malformed", "truncated", "limit-exceeded" or "unsupported", naming the file inside
 */
export async function openZip(bytes: Uint8Array, file: string): Promise<Archive> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const zip = await fromBufferPromise(buffer, { lazyEntries: true, strictFileNames: true });
    return await readDirectory(zip, buffer, file);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const isShort = /not found|EOF|truncated/i.test(message);
    throw new EngineError(isShort ? "truncated" : "malformed", `Broken ZIP archive: ${message}`, file, {
      cause,
    });
  }
}

async function readDirectory(zip: ZipFile, buffer: Buffer, file: string): Promise<Archive> {
  if (zip.entryCount > maxEntries) {
    throw new EngineError(
      "limit-exceeded",
      `The archive has ${zip.entryCount} files; at most ${maxEntries} are read`,
      file,
    );
  }
  const entries: ArchiveEntry[] = [];
  const ranges: { from: number; to: number; path: string }[] = [];
  const paths = new Set<string>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const path = entry.fileName;
    const place = `${file}, ${path}`;
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    ranges.push({ from: entry.relativeOffsetOfLocalHeader, to: fileDataStart + entry.compressedSize, path });
    checkPath(path, file);
    if (path.endsWith("/") && entry.uncompressedSize === 0) continue;
    checkEntry(entry, place);
    if (paths.size === paths.add(path).size) {
      throw new EngineError("malformed", "The archive has two files of this name", place);
    }
    total += entry.uncompressedSize;
    if (total > maxTotalBytes) {
      throw new EngineError(
        "limit-exceeded",
        `The archive unpacks to more than ${maxTotalBytes} bytes`,
        place,
      );
    }
    // The library's own entry holds much more, which would stay in memory for every file.
    const { compressedSize, uncompressedSize, compressionMethod, crc32: checksum } = entry;
    const packed = { start: fileDataStart, compressedSize, uncompressedSize, compressionMethod, checksum };
    entries.push({ path, bytes: uncompressedSize, read: () => unpack(buffer, packed, `${file}, ${path}`) });
  }
  checkOverlap(ranges, file);
  return entries;
}

/** Beyond what the library refuses (ways up and out, backslashes): names that nobody could read in a message. */
function checkPath(path: string, file: string): void {
  if (path.length > maxPathCharacters) {
    const message = `A name in the archive has ${path.length} characters; at most ${maxPathCharacters} are read`;
    throw new EngineError("limit-exceeded", message, file);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (path === "" || /[\u0000-\u001f\u007f]/.test(path)) {
    throw new EngineError("malformed", "A name in the archive is empty or has control characters", file);
  }
}

function checkEntry(entry: Entry, place: string): void {
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) {
    throw new EngineError("unsupported", "The file is encrypted; pack it without a password", place);
  }
  // Of archives made on Unix, the upper half of the attributes is the file's mode; 0o120000 marks a symbolic link.
  const kind = (entry.externalFileAttributes >>> 16) & 0o170_000;
  if (kind === 0o120_000) {
    throw new EngineError("unsupported", "Symbolic links are not followed; pack the file itself", place);
  }
  if (kind !== 0 && kind !== 0o100_000 && kind !== 0o040_000) {
    throw new EngineError("unsupported", "This is a device or pipe and no file", place);
  }
  if (compressionMethod !== stored && compressionMethod !== deflated) {
    throw new EngineError(
      "unsupported",
      `The file is packed by method ${compressionMethod}; deflate and none are read`,
      place,
    );
  }
  if (uncompressedSize > Math.max(harmlessBytes, compressedSize * maxRatio)) {
    throw new EngineError(
      "limit-exceeded",
      `The file promises ${uncompressedSize} bytes out of ${compressedSize}, more than ${maxRatio} times`,
      place,
    );
  }
}

/** Entries that share bytes make a small archive huge (David Fifield, "A better zip bomb", WOOT 2019). */
function checkOverlap(ranges: { from: number; to: number; path: string }[], file: string): void {
  ranges.sort((one, other) => one.from - other.from);
  for (const [index, { from, path }] of ranges.entries()) {
    const before = ranges[index - 1];
    if (before !== undefined && from < before.to) {
      throw new EngineError("malformed", `It shares bytes with "${before.path}"`, `${file}, ${path}`);
    }
  }
}

/** Where a file's bytes stand and what the directory promises of them. */
interface Packed {
  readonly start: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly compressionMethod: number;
  readonly checksum: number;
}

function unpack(buffer: Buffer, entry: Packed, place: string): Uint8Array {
  const { start, compressedSize, uncompressedSize, compressionMethod } = entry;
  const packed = buffer.subarray(start, start + compressedSize);
  if (packed.length !== compressedSize) throw new EngineError("truncated", "The file ends early", place);
  const content = compressionMethod === stored ? packed : inflate(packed, uncompressedSize, place);
  if (content.length !== uncompressedSize) {
    const message = `The file has ${content.length} bytes; the directory promises ${uncompressedSize}`;
    throw new EngineError(content.length < uncompressedSize ? "truncated" : "malformed", message, place);
  }
  if (crc32(content) !== entry.checksum) {
    throw new EngineError("malformed", "The file is damaged: its checksum is another", place);
  }
  return new Uint8Array(content.buffer, content.byteOffset, content.length);
}

function inflate(packed: Buffer, size: number, place: string): Buffer {
  try {
    // A limit of zero would be none.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw new EngineError(
        "malformed",
        `The file unpacks to more than the ${size} bytes it promises`,
        place,
        { cause },
      );
    }
    if (code === "Z_BUF_ERROR") throw new EngineError("truncated", "The file ends early", place, { cause });
    throw new EngineError("malformed", "The file's compression is broken", place, { cause });
  }
}
