/**
 * A binary arithmetic coder with adaptive probabilities (a range coder with carry, as in Martin 1979 and the LZMA SDK):
 * what is left to gain over Huffman's codes, which spend whole bits. It counts, and proves by decoding; no file holds it.
 */
const topBits = 2 ** 24;
/** Counts are halved here, so that a context can follow a change. */
const most = 1 << 14;

/** How often each context saw a zero and a one, as pairs. */
export type Contexts = Uint16Array;

export function contexts(count: number): Contexts {
  return new Uint16Array(2 * count);
}

/** Codes one bit, or gives back the one that was coded. */
export interface Coder {
  bit(seen: Contexts, context: number, bit: number): number;
}

export class ArithmeticEncoder implements Coder {
  readonly #out: number[] = [];
  #low = 0;
  #range = 2 ** 32 - 1;
  #cache = 0;
  #pending = 1;

  bit(seen: Contexts, context: number, bit: number): number {
    const bound = boundOf(this.#range, seen, context);
    if (bit === 0) this.#range = bound;
    else {
      this.#low += bound;
      this.#range -= bound;
    }
    count(seen, context, bit);
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

  bit(seen: Contexts, context: number): number {
    const bound = boundOf(this.#range, seen, context);
    const bit = this.#code < bound ? 0 : 1;
    if (bit === 0) this.#range = bound;
    else {
      this.#code -= bound;
      this.#range -= bound;
    }
    count(seen, context, bit);
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

/** The part of the range that stands for a zero: in proportion to (n₀ + ½) / (n + 1) (Krichevsky and Trofimov 1981). */
function boundOf(range: number, seen: Contexts, context: number): number {
  const [zeros, ones] = [seen[2 * context]!, seen[2 * context + 1]!];
  return Math.min(range - 1, Math.max(1, Math.floor((range * (zeros + 0.5)) / (zeros + ones + 1))));
}

function count(seen: Contexts, context: number, bit: number): void {
  const at = 2 * context + bit;
  seen[at]! += 1;
  if (seen[at]! < most) return;
  for (const place of [2 * context, 2 * context + 1]) seen[place] = seen[place]! >> 1;
}
