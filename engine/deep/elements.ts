import type { ElementBits } from "./format.ts";

/** Elements as unsigned words: what they mean is of no matter to a coding. */
export type Words = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/** The content of a part: elements of one width, those of 2 and 4 bits in a byte each. */
export interface Elements {
  readonly bits: ElementBits;
  readonly words: Words;
}

/** Bytes of one element in memory. */
export function wordBytes(bits: ElementBits): number {
  return Math.max(1, bits / 8);
}

/** Elements of a part of so many bytes; undefined where they are no whole number. */
export function elementsIn(bytes: number, bits: ElementBits): number | undefined {
  const count = (bytes * 8) / bits;
  return Number.isSafeInteger(count) ? count : undefined;
}

/** Words of so many elements, all zero. */
export function makeWords(bits: ElementBits, count: number): Words {
  if (bits === 16) return new Uint16Array(count);
  if (bits === 32) return new Uint32Array(count);
  if (bits === 64) return new BigUint64Array(count);
  return new Uint8Array(count);
}

/** The words as bytes, the low ones first (the byte order of every machine that Node supports): a view. */
export function bytesOfWords(words: Words): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** Elements from their bytes in a file: a view where they are aligned. Low bits come first within a byte. */
export function unpackElements(bytes: Uint8Array, bits: ElementBits): Elements {
  if (bits < 8) return { bits, words: unpackSmall(bytes, bits) };
  const width = bits / 8;
  const { buffer, byteOffset } = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const count = bytes.length / width;
  if (bits === 8) return { bits, words: bytes };
  if (bits === 16) return { bits, words: new Uint16Array(buffer, byteOffset, count) };
  if (bits === 32) return { bits, words: new Uint32Array(buffer, byteOffset, count) };
  return { bits, words: new BigUint64Array(buffer, byteOffset, count) };
}

/** The reverse of `unpackElements`. */
export function packElements({ bits, words }: Elements): Uint8Array {
  const bytes = bytesOfWords(words);
  if (bits >= 8) return bytes;
  const per = 8 / bits;
  const out = new Uint8Array(bytes.length / per);
  for (let at = 0; at < bytes.length; at++) {
    out[Math.floor(at / per)]! |= bytes[at]! << ((at % per) * bits);
  }
  return out;
}

function unpackSmall(bytes: Uint8Array, bits: number): Uint8Array {
  const per = 8 / bits;
  const mask = (1 << bits) - 1;
  const out = new Uint8Array(bytes.length * per);
  for (let at = 0; at < out.length; at++) {
    out[at] = (bytes[Math.floor(at / per)]! >> ((at % per) * bits)) & mask;
  }
  return out;
}

/**
 * Each word turned left by one bit. A float's sign leaves the byte of the exponent, which then is skewed and short,
 * for the mantissa, which is noise anyway.
 */
export function turnLeft({ bits, words }: Elements): Elements {
  const out = makeWords(bits, words.length);
  turn(bits, words, out, 1);
  return { bits, words: out };
}

/** Turns the words back, in place. */
export function turnRight({ bits, words }: Elements): void {
  turn(bits, words, words, bits - 1);
}

/** Turns left by one bit or by all but one. */
function turn(bits: ElementBits, from: Words, to: Words, by: number): void {
  if (from instanceof Uint32Array && to instanceof Uint32Array) {
    for (let at = 0; at < from.length; at++) to[at] = (from[at]! << by) | (from[at]! >>> (32 - by));
  } else if (from instanceof Uint16Array && to instanceof Uint16Array) {
    for (let at = 0; at < from.length; at++) to[at] = (from[at]! << by) | (from[at]! >>> (16 - by));
  } else if (from instanceof BigUint64Array && to instanceof BigUint64Array) {
    turnPairs(new Uint32Array(from.buffer, from.byteOffset, from.length * 2), to, by === 1);
  } else {
    throw new RangeError(`Elements of ${bits} bits are not turned`);
  }
}

/** 64-bit words as pairs of 32 bits: many times faster than big integers. */
function turnPairs(from: Uint32Array, to: BigUint64Array, left: boolean): void {
  const out = new Uint32Array(to.buffer, to.byteOffset, to.length * 2);
  for (let at = 0; at < from.length; at += 2) {
    const [low, high] = [from[at]!, from[at + 1]!];
    out[at] = left ? (low << 1) | (high >>> 31) : (low >>> 1) | (high << 31);
    out[at + 1] = left ? (high << 1) | (low >>> 31) : (high >>> 1) | (low << 31);
  }
}
