import { EngineError } from "#engine/error.ts";

/** Text is checked in pieces, so that it never stands in memory a second time. */
const pieceBytes = 1 << 20;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** How files that are no UTF-8 begin, the longer mark first (Unicode Standard, section 23.8, "Byte Order Mark"). */
const marks: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["UTF-32, little-endian", [0xff, 0xfe, 0, 0]],
  ["UTF-32, big-endian", [0, 0, 0xfe, 0xff]],
  ["UTF-16, little-endian", [0xff, 0xfe]],
  ["UTF-16, big-endian", [0xfe, 0xff]],
];

/**
 * The bytes of a text in UTF-8, without its byte-order mark.
 *
 * @throws EngineError "malformed" that names the encoding it is in instead, as far as its bytes show, and the line of
 * the first byte that does not fit
 */
export function utf8Of(bytes: Uint8Array, file: string): Uint8Array {
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
    const decoder = new TextDecoder("utf-8", { fatal: true });
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      decoder.decode(bytes.subarray(at, at + pieceBytes), { stream: true });
    }
    decoder.decode();
  } catch (cause) {
    throw notUtf8(bytes, file, cause);
  }
  return byteOrderMark.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes;
}

/** The beginning of a text that was checked, to look at: whole lines, or a part of the first where it is longer. */
export function beginningOf(utf8: Uint8Array, most: number): string {
  if (utf8.length <= most) return new TextDecoder().decode(utf8);
  const text = new TextDecoder().decode(utf8.subarray(0, most), { stream: true });
  return text.slice(0, text.lastIndexOf("\n") + 1) || text;
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
