import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { checkEnvelope } from "#engine/onnx/envelope.ts";
import { defaultLimits } from "#engine/onnx/limits.ts";
import type { Model } from "#engine/onnx/model.ts";
import { plainBytes } from "#engine/onnx/plain-bytes.ts";
import { BitWriter } from "./bit-writer.ts";
import { deflate, deflateBest } from "./coding/deflate.ts";
import { crc32 } from "./crc32.ts";
import { expansion, largestContent, magic, maxRanges, version } from "./format.ts";
import { layOut, type Part } from "./layout.ts";
import { findPayloads, type Payload } from "./payloads.ts";

/**
 * The deep form of an ONNX file, as chunks in order: `decodeDeep` restores the file bit for bit, whoever wrote it. The
 * same file gives the same deep form on every machine. Takes about as much memory again as the file.
 *
 * @param given must not change any more: chunks may be views into it
 * @throws EngineError where the file is no ONNX model or is malformed
 */
export function encodeDeep(given: Uint8Array): Uint8Array[] {
  const file = plainBytes(given);
  checkEnvelope(file);
  const { large, small } = layOut(file, findPayloads(file, defaultLimits));
  const candidates = [assemble(file, large)];
  const all = [...large, ...small];
  const ranges = all.reduce((sum, part) => sum + part.payloads.length, 0);
  if (small.length > 0 && ranges <= maxRanges) candidates.push(assemble(file, all));
  const sizes = candidates.map(({ head, data }) => deflate(head).length + sizeOf(data));
  const best = candidates[sizes.indexOf(Math.min(...sizes))] ?? assemble(file, large);
  return pad([...fileStart(file, best.head), ...best.data], file.length);
}

interface Assembled {
  /** What is deflated: the tables, then the rest of the file. */
  readonly head: Uint8Array;
  readonly data: readonly Uint8Array[];
}

/** The file with these parts; everything else is deflated. */
function assemble(file: Uint8Array, parts: readonly Part[]): Assembled {
  const owner = new Map<Payload, Part>();
  for (const part of parts) for (const payload of part.payloads) owner.set(payload, part);
  const ranges = [...owner.keys()].sort((a, b) => a.offset - b.offset);
  // Parts of one payload come first, in the order of the file, then the shared ones, by their first payload.
  const shared = [...new Set(ranges.map((range) => owner.get(range)))].filter((part) => part?.isShared);
  const own = ranges.map((range) => owner.get(range)).filter((part) => part?.isShared === false);
  const ordered = [...own, ...shared].filter((part) => part !== undefined);
  const numbers = ranges.map((range) => shared.indexOf(owner.get(range)) + 1);
  const head = joinChunks([
    ...rangeTable(ranges, numbers),
    ...ordered.flatMap(({ table }) => table),
    ...restOf(file, ranges),
  ]);
  return { head, data: ordered.flatMap(({ data }) => data) };
}

/** Which bytes of the file are stored in parts: see `docs/engine/deep-form.md`. */
function rangeTable(ranges: readonly Payload[], numbers: readonly number[]): Uint8Array[] {
  const table = new BitWriter();
  table.varint(ranges.length);
  let end = 0;
  ranges.forEach(({ offset, length }, at) => {
    table.varint(offset - end);
    table.varint(length);
    table.varint(numbers[at] ?? 0);
    end = offset + length;
  });
  return table.finish();
}

/** What stands between the payloads: the graph, names, small tensors. */
function restOf(file: Uint8Array, ranges: readonly Payload[]): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let end = 0;
  for (const { offset, length } of ranges) {
    rest.push(file.subarray(end, offset));
    end = offset + length;
  }
  rest.push(file.subarray(end));
  return rest;
}

function fileStart(file: Uint8Array, head: Uint8Array): Uint8Array[] {
  const packed = deflateBest(head);
  const checksum = crc32(file);
  const start = new BitWriter();
  start.bytes(magic);
  start.bits(version, 8);
  for (let shift = 0; shift < 32; shift += 8) start.bits((checksum >>> shift) & 0xff, 8);
  start.varint(file.length);
  start.varint(head.length);
  start.varint(packed.length);
  start.bytes(packed);
  return start.finish();
}

/** Appends the zeros without which a reader would not believe that so much comes out of so little. */
function pad(chunks: Uint8Array[], content: number): Uint8Array[] {
  const lacking = content - largestContent(sizeOf(chunks));
  if (lacking <= 0) return chunks;
  return [...chunks, new Uint8Array(Math.ceil(lacking / expansion))];
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** Bytes of the deep form of an ONNX file. */
export function deepSize(file: Uint8Array): number {
  return sizeOf(encodeDeep(file));
}

/** Bytes of the deep form of a model, as it would be written. */
export function encodedSize(model: Model): number {
  return deepSize(joinChunks(encodeModel(model)));
}
