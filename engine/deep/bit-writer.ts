/** Bytes of the block that fills up before it is handed on, at most and at least. */
const largestBlock = 64 * 1024;
const smallestBlock = 64;

/**
 * Writes bits, the highest first, and bytes. Byte strings and the start of every stream stand at whole bytes:
 * `align` fills up with zeros.
 */
export class BitWriter {
  readonly #chunks: Uint8Array[] = [];
  #block: Uint8Array;
  #used = 0;
  #sealed = 0;
  /** Bits that do not make a byte yet, right-aligned. */
  #pending = 0;
  #count = 0;

  /** @param expected bytes, for a writer of few */
  constructor(expected: number = largestBlock) {
    this.#block = new Uint8Array(Math.min(largestBlock, Math.max(smallestBlock, expected)));
  }

  /** Whole bytes written so far. */
  get length(): number {
    return this.#sealed + this.#used;
  }

  /** The low `count` bits of `value`; at most 24. */
  bits(value: number, count: number): void {
    let pending = (this.#pending << count) | value;
    let left = this.#count + count;
    while (left >= 8) {
      left -= 8;
      if (this.#used === this.#block.length) this.#seal();
      this.#block[this.#used++] = pending >>> left;
    }
    pending &= (1 << left) - 1;
    this.#pending = pending;
    this.#count = left;
  }

  align(): void {
    if (this.#count > 0) this.bits(0, 8 - this.#count);
  }

  /** The word `codes[symbol]` of `lengths[symbol]` bits for each symbol. */
  symbols(symbols: Uint16Array, count: number, codes: Uint32Array, lengths: Uint8Array): void {
    let pending = this.#pending;
    let left = this.#count;
    let block = this.#block;
    let used = this.#used;
    for (let at = 0; at < count; at++) {
      const symbol = symbols[at]!;
      const length = lengths[symbol]!;
      pending = (pending << length) | codes[symbol]!;
      left += length;
      while (left >= 8) {
        left -= 8;
        if (used === block.length) {
          this.#used = used;
          this.#seal();
          block = this.#block;
          used = 0;
        }
        block[used++] = pending >>> left;
      }
      pending &= (1 << left) - 1;
    }
    this.#pending = pending;
    this.#count = left;
    this.#used = used;
  }

  /** Bytes at a byte boundary; large ones are kept as they are, so they must not change any more. */
  bytes(value: Uint8Array): void {
    if (value.length >= this.#block.length / 4) {
      this.#seal();
      this.#chunks.push(value);
      this.#sealed += value.length;
      return;
    }
    if (this.#used + value.length > this.#block.length) this.#seal();
    this.#block.set(value, this.#used);
    this.#used += value.length;
  }

  /** A number below 2^53, seven bits a byte, the low ones first; the highest bit says that another byte follows. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.bits((rest % 128) | 0x80, 8);
      rest = Math.floor(rest / 128);
    }
    this.bits(rest, 8);
  }

  finish(): Uint8Array[] {
    this.align();
    this.#seal();
    return this.#chunks;
  }

  #seal(): void {
    if (this.#used === 0) return;
    this.#chunks.push(this.#block.subarray(0, this.#used));
    this.#sealed += this.#used;
    this.#block = new Uint8Array(Math.min(largestBlock, this.#block.length * 2));
    this.#used = 0;
  }
}

/** Bytes that `varint` takes for a number. */
export function varintBytes(value: number): number {
  let bytes = 1;
  for (let limit = 128; value >= limit; limit *= 128) bytes++;
  return bytes;
}
