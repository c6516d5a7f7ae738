import { Inflate } from "pako";
import { EngineError } from "#engine/error.ts";
import { joinChunks } from "#engine/onnx/encode.ts";

/** Deflate makes at most 1032 bytes of one (RFC 1951), so that so little cannot grow beyond what is harmless. */
const harmlessPackedBytes = 1 << 16;
/** What the decoder needs; texts and colour profiles can hide bombs of their own, and are left away. */
const kept = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/**
 * The chunks of a PNG that make its pixels, as a file of their own (PNG specification, third edition, sections 5 and
 * 11), after its size, its lengths and how far its data unpack have been checked.
 *
 * @param check is given the header before anything is unpacked
 */
export function essentialPng(
  bytes: Uint8Array,
  place: string,
  check: (header: PngHeader) => void,
): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  const data: Uint8Array[] = [];
  let header: PngHeader | undefined;
  let isComplete = false;
  for (let at = 8; !isComplete; ) {
    if (at + 12 > bytes.length) throw new EngineError("truncated", "The PNG ends early", place);
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length)
      throw new EngineError("truncated", "A chunk of the PNG reaches beyond its end", place);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((header === undefined) !== (name === "IHDR")) {
      throw new EngineError("malformed", "A PNG begins with one header", place);
    }
    if (name === "IHDR") {
      header = readHeader(view, at + 8, length, place);
      check(header);
    }
    if (name === "IDAT") data.push(bytes.subarray(at + 8, at + 8 + length));
    if (kept.has(name)) parts.push(bytes.subarray(at, end));
    isComplete = name === "IEND";
    at = end;
  }
  checkUnpacked(data, unpackedBytes(header!), place);
  return joinChunks(parts);
}

function readHeader(view: DataView, at: number, length: number, place: string): PngHeader {
  if (length !== 13)
    throw new EngineError("malformed", `The PNG's header has ${length} bytes, not 13`, place);
  return {
    width: view.getUint32(at),
    height: view.getUint32(at + 4),
    bits: view.getUint8(at + 8),
    colour: view.getUint8(at + 9),
    interlaced: view.getUint8(at + 12) !== 0,
  };
}

/** Rows with a byte for their filter; interlacing makes seven pictures, each with rows of its own, at most twice as many. */
function unpackedBytes({ width, height, bits, colour, interlaced }: PngHeader): number {
  const channels = colour === 2 ? 3 : colour === 4 ? 2 : colour === 6 ? 4 : 1;
  const row = Math.ceil((width * channels * bits) / 8) + 1;
  return interlaced ? row * height + 2 * height + 8 * (height + width) : row * height;
}

function checkUnpacked(data: readonly Uint8Array[], expected: number, place: string): void {
  const packed = data.reduce((sum, part) => sum + part.length, 0);
  if (packed <= harmlessPackedBytes) return;
  const inflate = new Inflate();
  let unpacked = 0;
  inflate.onData = (chunk) => {
    unpacked += chunk instanceof Uint8Array ? chunk.length : 0;
    if (unpacked > expected) {
      throw new EngineError(
        "limit-exceeded",
        `The PNG unpacks to more than its ${expected} bytes of pixels`,
        place,
      );
    }
  };
  for (const part of data) inflate.push(part, false);
}
