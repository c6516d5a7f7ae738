import { EngineError } from "#engine/error.ts";
import { defaultLimits } from "#engine/onnx/limits.ts";
import { plainBytes } from "#engine/onnx/plain-bytes.ts";
import { BitReader } from "./bit-reader.ts";
import { inflate } from "./coding/deflate.ts";
import { readPart } from "./coding/part.ts";
import { crc32 } from "./crc32.ts";
import { deepFault } from "./fault.ts";
import { expansion, isDeepForm, largestContent, magic, version } from "./format.ts";
import { type Range, readRanges } from "./ranges.ts";
import { TableReader } from "./table.ts";

/** The head holds the rest of the model and the tables, each of which takes less than the model or the file. */
const headBytes = (content: number, file: number) => content + expansion * file;

/**
 * Restores the ONNX file that `encodeDeep` was given, bit for bit. Takes memory for that file, for its largest part
 * and for what is not tensor data; a hostile file costs no more than a valid one of its size.
 *
 * @param limits.maxBytes largest file that is restored
 * @throws EngineError "not-a-model", "truncated", "malformed" or "limit-exceeded" with the place, "unsupported" for a
 * later version of the format
 */
export function decodeDeep(
  bytes: Uint8Array,
  limits: { readonly maxBytes: number } = defaultLimits,
): Uint8Array<ArrayBuffer> {
  const { checksum, content, head, data } = readStart(plainBytes(bytes), limits.maxBytes);
  const table = new TableReader(head, "the table");
  const { ranges, sizes } = readRanges(table, content);
  const readers = sizes.map((size, part) => {
    const place = `part ${part} of the deep form`;
    return { size, place, taken: table.varint(data.length, "size of a part"), read: readPart(table, place) };
  });
  const rest = content - sizes.reduce((sum, size) => sum + size, 0);
  if (head.length - table.pos !== rest) {
    throw table.fail(`${head.length - table.pos} bytes of the model follow where ${rest} are missing`);
  }
  const out = new Uint8Array(content);
  placeRest(out, ranges, head.subarray(table.pos));
  const rangesOf = byPart(ranges, sizes.length);
  let at = 0;
  readers.forEach(({ size, place, taken, read }, part) => {
    if (taken > data.length - at) {
      throw deepFault(
        "truncated",
        `${taken} bytes are needed where ${data.length - at} are left`,
        `part ${part}`,
      );
    }
    const own = data.subarray(at, at + taken);
    at += taken;
    const reader = new BitReader(own, place);
    const content = read(reader, own, size);
    reader.end();
    placePart(out, rangesOf[part] ?? [], content);
  });
  if (data.subarray(at).some((byte) => byte !== 0)) {
    throw deepFault("malformed", "Something stands behind the last part", "the end");
  }
  if (crc32(out) !== checksum) {
    throw deepFault("malformed", "The checksum does not fit: the file is damaged", "the start");
  }
  return out;
}

function readStart(bytes: Uint8Array, maxBytes: number) {
  if (!isDeepForm(bytes)) {
    throw new EngineError("not-a-model", "This is no deep-compressed model");
  }
  const start = new TableReader(bytes, "the start");
  start.take(magic.length);
  const found = start.byte();
  if (found !== version) {
    throw deepFault("unsupported", `This is version ${found}, only version ${version} is known`, "the start");
  }
  const sum = start.take(4);
  const checksum = new DataView(sum.buffer, sum.byteOffset, 4).getUint32(0, true);
  const content = start.varint(Number.MAX_SAFE_INTEGER, "size of the model");
  const bound = Math.min(maxBytes, largestContent(bytes.length));
  if (content > bound) {
    throw deepFault(
      "limit-exceeded",
      `A model of ${content} bytes in a file of ${bytes.length}: at most ${bound} are restored`,
      "the start",
    );
  }
  const headSize = start.varint(headBytes(content, bytes.length), "size of the head");
  const packed = start.take(start.varint(bytes.length, "size of the head"));
  return {
    checksum,
    content,
    head: inflate(packed, headSize, "the head of the deep form"),
    data: bytes.subarray(start.pos),
  };
}

function placeRest(out: Uint8Array, ranges: readonly Range[], rest: Uint8Array): void {
  let from = 0;
  let end = 0;
  for (const { offset, length } of [...ranges, { offset: out.length, length: 0 }]) {
    out.set(rest.subarray(from, from + offset - end), end);
    from += offset - end;
    end = offset + length;
  }
}

function byPart(ranges: readonly Range[], parts: number): Range[][] {
  const lists: Range[][] = Array.from({ length: parts }, () => []);
  for (const range of ranges) lists[range.part]?.push(range);
  return lists;
}

function placePart(out: Uint8Array, ranges: readonly Range[], content: Uint8Array): void {
  let from = 0;
  for (const { offset, length } of ranges) {
    out.set(content.subarray(from, from + length), offset);
    from += length;
  }
}
