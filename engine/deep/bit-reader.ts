import { EngineError } from "#engine/error.ts";
import type { SymbolDecoder } from "./huffman/decoder.ts";

/**
 * Reads bits, the highest first, and bytes, as `BitWriter` writes them. Behind the end there are zeros: whoever reads
 * calls `check` after every few thousand symbols, which throws where that happened, so that a short file costs no
 * more than a valid one.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #place: string;
  /** Next byte to take. */
  #pos = 0;
  /** The next `#count` bits, left-aligned in 32; the bits below them are zero. */
  #window = 0;
  #count = 0;

  /** @param place for messages, such as `part 3 of the deep form` */
  constructor(bytes: Uint8Array, place: string) {
    this.#bytes = bytes;
    this.#place = place;
  }

  fail(message: string): EngineError {
    return new EngineError("malformed", message, this.#place);
  }

  /** At most 16 bits at once. */
  bits(count: number): number {
    if (count === 0) return 0;
    this.#fill();
    const value = this.#window >>> (32 - count);
    this.#window <<= count;
    this.#count -= count;
    return value;
  }

  #fill(): void {
    while (this.#count <= 24) {
      const byte = this.#pos < this.#bytes.length ? this.#bytes[this.#pos]! : 0;
      this.#pos++;
      this.#window |= byte << (24 - this.#count);
      this.#count += 8;
    }
  }

  /** Decodes `count` symbols to the start of `out`. */
  symbols(decoder: SymbolDecoder, out: Uint16Array, count: number): void {
    const { table, shift } = decoder;
    const bytes = this.#bytes;
    const end = bytes.length;
    let pos = this.#pos;
    let window = this.#window;
    let have = this.#count;
    for (let at = 0; at < count; at++) {
      while (have <= 24) {
        if (pos < end) window |= bytes[pos]! << (24 - have);
        pos++;
        have += 8;
      }
      let entry = table[window >>> shift]!;
      if (entry === 0) entry = decoder.long(window);
      const length = entry & 31;
      window <<= length;
      have -= length;
      out[at] = entry >>> 5;
    }
    this.#pos = pos;
    this.#window = window;
    this.#count = have;
  }

  /** Throws where more bits were taken than there are. */
  check(): void {
    if (this.#pos - (this.#count >> 3) > this.#bytes.length) {
      throw new EngineError("truncated", "The codes end early", this.#place);
    }
  }

  /** Goes on at the next whole byte. The bits that are skipped must be zero: there is one form of a file only. */
  align(): void {
    const skipped = this.#count & 7;
    if (skipped > 0 && this.#window >>> (32 - skipped) !== 0) {
      throw this.fail("Bits that fill up a byte are not zero");
    }
    this.#pos -= this.#count >> 3;
    this.#window = 0;
    this.#count = 0;
    this.check();
  }

  /** The next bytes, from a byte boundary: a view. */
  take(length: number): Uint8Array {
    this.align();
    if (length > this.#bytes.length - this.#pos) {
      throw new EngineError(
        "truncated",
        `${length} bytes are needed where ${this.#bytes.length - this.#pos} are left`,
        this.#place,
      );
    }
    this.#pos += length;
    return this.#bytes.subarray(this.#pos - length, this.#pos);
  }

  /** Throws unless everything has been read. */
  end(): void {
    this.align();
    const left = this.#bytes.length - this.#pos;
    if (left > 0) throw this.fail(`${left} bytes are left over`);
  }
}
