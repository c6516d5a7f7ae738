import { EngineError } from "#engine/error.ts";

/** Text becomes a string in memory, at up to twice this size. */
const maxBytes = 256 << 20;

/** How files that are no UTF-8 begin, the longer mark first (Unicode Standard, section 23.8, "Byte Order Mark"). */
const marks: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["UTF-32, little-endian", [0xff, 0xfe, 0, 0]],
  ["UTF-32, big-endian", [0, 0, 0xfe, 0xff]],
  ["UTF-16, little-endian", [0xff, 0xfe]],
  ["UTF-16, big-endian", [0xfe, 0xff]],
];

/**
 * The text of a UTF-8 file, without its byte-order mark.
 *
 * @throws EngineError "malformed" that names the encoding it is in instead, as far as its bytes show, and the line of
 * the first byte that does not fit; "limit-exceeded" for files that are too large
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  if (bytes.length > maxBytes) {
    throw new EngineError("limit-exceeded", `A text file has at most ${maxBytes / (1 << 20)} MiB`, file);
  }
  const mark = marks.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
  if (mark !== undefined) throw wrongEncoding(`The file is ${mark[0]}`, file);
  const zeros = [0, 0];
  const looked = Math.min(bytes.length, 4096) & ~1;
  for (let index = 0; index < looked; index++) if (bytes[index] === 0) zeros[index % 2]!++;
  // Latin text in UTF-16 has a zero in every other byte, at odd places where the low byte comes first.
  const half = looked / 2;
  if (half > 0 && zeros[1]! > half * 0.4 && zeros[0]! < half * 0.1) {
    throw wrongEncoding("The file looks like UTF-16, little-endian, without a byte-order mark", file);
  }
  if (half > 0 && zeros[0]! > half * 0.4 && zeros[1]! < half * 0.1) {
    throw wrongEncoding("The file looks like UTF-16, big-endian, without a byte-order mark", file);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notUtf8(bytes, file, cause);
  }
}

function wrongEncoding(what: string, file: string): EngineError {
  return new EngineError("malformed", `${what}, and not UTF-8; save it as UTF-8`, file);
}

function notUtf8(bytes: Uint8Array, file: string, cause: unknown): EngineError {
  const line = lineOfFault(bytes);
  return new EngineError(
    "malformed",
    "The file is not UTF-8 text; save it with that encoding (it may be Windows-1252, Latin-1 or GBK)",
    line === undefined ? file : `${file}, line ${line}`,
    { cause },
  );
}

/** The first line, from 1, that is not UTF-8 by itself: no character of UTF-8 contains the byte of a line feed. */
function lineOfFault(bytes: Uint8Array): number | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let line = 1, start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return undefined;
}
