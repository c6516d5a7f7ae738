/**
 * A binary arithmetic coder with adaptive probabilities (a range coder with carry, as in Martin 1979 and the LZMA SDK):
 * what is left to gain over Huffman's codes, which spend whole bits. It counts, and proves by decoding; no file holds it.
 */
const topBits = 2 ** 24;
const probabilityBits = 16;
/** Shares move by 1/2^rate of the error at each bit. */
const rate = 5;
const half = 1 << (probabilityBits - 1);

/** Probabilities of a zero bit, by context. */
export type Contexts = Uint16Array;

export function contexts(count: number): Contexts {
  return new Uint16Array(count).fill(half);
}

/** Codes one bit, or gives back the one that was coded. */
export interface Coder {
  bit(probabilities: Contexts, context: number, bit: number): number;
}

export class ArithmeticEncoder implements Coder {
  readonly #out: number[] = [];
  #low = 0;
  #range = 2 ** 32 - 1;
  #cache = 0;
  #pending = 1;

  bit(probabilities: Contexts, context: number, bit: number): number {
    const bound = boundOf(this.#range, probabilities[context]!);
    if (bit === 0) this.#range = bound;
    else {
      this.#low += bound;
      this.#range -= bound;
    }
    adapt(probabilities, context, bit);
    while (this.#range < topBits) {
      this.#range *= 256;
      this.#shift();
    }
    return bit;
  }

  finish(): Uint8Array {
    for (let at = 0; at < 5; at++) this.#shift();
    return Uint8Array.from(this.#out);
  }

  #shift(): void {
    const carry = this.#low >= 2 ** 32 ? 1 : 0;
    const low = this.#low % 2 ** 32;
    if (low < 0xff00_0000 || carry === 1) {
      let byte = this.#cache;
      do {
        this.#out.push((byte + carry) & 0xff);
        byte = 0xff;
      } while (--this.#pending !== 0);
      this.#cache = Math.floor(low / topBits);
    }
    this.#pending++;
    this.#low = (low % topBits) * 256;
  }
}

export class ArithmeticDecoder implements Coder {
  readonly #bytes: Uint8Array;
  #at = 1;
  #code = 0;
  #range = 2 ** 32 - 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let at = 0; at < 4; at++) this.#code = this.#code * 256 + this.#next();
  }

  bit(probabilities: Contexts, context: number): number {
    const bound = boundOf(this.#range, probabilities[context]!);
    const bit = this.#code < bound ? 0 : 1;
    if (bit === 0) this.#range = bound;
    else {
      this.#code -= bound;
      this.#range -= bound;
    }
    adapt(probabilities, context, bit);
    while (this.#range < topBits) {
      this.#range *= 256;
      this.#code = this.#code * 256 + this.#next();
    }
    return bit;
  }

  #next(): number {
    return this.#bytes[this.#at++] ?? 0;
  }
}

function boundOf(range: number, probability: number): number {
  return Math.floor(range / 2 ** probabilityBits) * probability;
}

function adapt(probabilities: Contexts, context: number, bit: number): void {
  const old = probabilities[context]!;
  const most = 2 ** probabilityBits - 64;
  probabilities[context] = bit === 0 ? old + ((most - old) >> rate) : old - ((old - 64) >> rate);
}
