import type { EngineError } from "#engine/error.ts";
import { deepFault } from "./fault.ts";

/** Reads the table of a deep form: bytes and numbers, never beyond its end. */
export class TableReader {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  pos = 0;

  /** @param name for messages, such as "the table" */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  fail(message: string): EngineError {
    return deepFault("malformed", message, `${this.#name}, byte ${this.pos},`);
  }

  byte(): number {
    if (this.pos >= this.#bytes.length) {
      throw deepFault("truncated", "The file ends early", `${this.#name}, byte ${this.pos},`);
    }
    return this.#bytes[this.pos++]!;
  }

  /** A byte that is one of 0 to `highest`. */
  choice(highest: number, what: string): number {
    const value = this.byte();
    if (value > highest) throw this.fail(`There is no ${what} ${value}`);
    return value;
  }

  /** A number from 0 to `highest`, which is below 2^53. */
  varint(highest: number, what: string): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      // The bound is passed after nine bytes at the latest, unless they are zeros.
      if (value > highest || scale > 2 ** 53) throw this.fail(`An impossible ${what}: at most ${highest}`);
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.pos) {
      throw deepFault("truncated", "The file ends early", `${this.#name}, byte ${this.pos},`);
    }
    this.pos += length;
    return this.#bytes.subarray(this.pos - length, this.pos);
  }
}
