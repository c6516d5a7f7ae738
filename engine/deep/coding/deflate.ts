import { deflateRaw, Inflate } from "pako";
import { EngineError } from "#engine/error.ts";
import { codings } from "../format.ts";
import type { Plan } from "./plan.ts";

/** Above this the best level takes too long for what it gains. */
const bestLevelBytes = 2 ** 22;

/** RFC 1951, by a port of zlib to JavaScript, and so the same bytes everywhere. */
export function deflate(bytes: Uint8Array, memLevel = 9): Uint8Array {
  return deflateRaw(bytes, { level: bytes.length > bestLevelBytes ? 6 : 9, memLevel });
}

/** Up to this size it does not matter that bytes are deflated several times. */
const severalTimesBytes = 2 ** 19;

/** The smallest of several tries: the fewer symbols a block has, the better its codes suit a graph of many kinds. */
export function deflateBest(bytes: Uint8Array): Uint8Array {
  let best = deflate(bytes);
  if (bytes.length > severalTimesBytes) return best;
  for (const memLevel of [4, 5, 6, 7]) {
    const tried = deflate(bytes, memLevel);
    if (tried.length < best.length) best = tried;
  }
  return best;
}

/**
 * @param size that must come out, to the byte: nothing beyond it is kept
 * @throws EngineError where it does not, or the stream is malformed
 */
export function inflate(bytes: Uint8Array, size: number, place: string): Uint8Array {
  const out = new Uint8Array(size);
  const fault = (message: string) => new EngineError("malformed", message, place);
  let done = 0;
  const inflater = new Inflate({ raw: true });
  inflater.onData = (piece) => {
    if (piece.length > size - done) throw fault(`It inflates to more than ${size} bytes`);
    out.set(piece, done);
    done += piece.length;
  };
  if (!inflater.push(bytes, true)) throw fault(`It cannot be inflated: ${inflater.msg}`);
  if (done < size) throw fault(`It inflates to ${done} bytes, not to ${size}`);
  return out;
}

/** What a sample is made of: this many pieces of a 32nd of the bytes each, evenly spread, within bounds. */
const samplePieces = 3;
const [smallestPiece, largestPiece] = [1024, 8192];
/** Up to here the sample would be much of the tensor, and whole it takes a few milliseconds. */
const wholeBytes = 1 << 15;
/** Small windows and tables: to set up zlib's usual ones takes longer than to deflate a few kilobytes. */
const quick = { level: 6, windowBits: 13, memLevel: 5 };

/** What a sample must reach of the best other plan; the codes of so few bytes alone take 3 %. */
const promising = 0.95;

/**
 * Finds what repeats, which codes of single elements do not see: tables of indices, rows that are alike. It is slow,
 * so a sample says first whether it can beat the best other plan.
 */
export function planDeflate(bytes: Uint8Array, best: Plan): Plan | undefined {
  const isSmall = bytes.length <= wholeBytes;
  if (!isSmall) {
    const sample = samples(bytes);
    const share = deflateRaw(sample, quick).length / sample.length;
    if (share > (best.cost / bytes.length) * promising) return undefined;
  }
  const deflated = isSmall ? deflateRaw(bytes, quick) : deflate(bytes);
  return {
    coding: codings.deflate,
    dataBytes: deflated.length,
    cost: deflated.length,
    write: (_, data) => data.bytes(deflated),
  };
}

function samples(bytes: Uint8Array): Uint8Array {
  const piece = Math.min(largestPiece, Math.max(smallestPiece, bytes.length >> 5));
  const out = new Uint8Array(samplePieces * piece);
  for (let at = 0; at < samplePieces; at++) {
    const from = Math.floor(((bytes.length - piece) * at) / (samplePieces - 1));
    out.set(bytes.subarray(from, from + piece), at * piece);
  }
  return out;
}
