import { EngineError } from "#engine/error.ts";

/** Wire types of protobuf that ONNX uses; groups (3 and 4) are of no published ONNX version. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads protobuf primitives between `pos` and `end`, never outside. The caller narrows `end` to the message at
 * hand, so that an inner length cannot reach past its outer one. `where` names the field for error messages.
 */
export class WireReader {
  pos = 0;
  end: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #where: () => string;
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array, where: () => string) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#where = where;
  }

  fail(message: string): EngineError {
    return new EngineError("malformed", message, `${this.#where()}, byte ${this.pos}`);
  }

  /** Leaves the 64 bits of a varint in #low and #high. */
  #varint(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= this.end) throw this.fail("A number is cut off");
      const byte = this.bytes[this.pos++] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw this.fail("A number has more than ten bytes");
  }

  /** A signed 64-bit varint that must fit a safe integer. */
  int(): number {
    this.#varint();
    const negative = this.#high >= 0x80000000;
    const high = negative ? ~this.#high >>> 0 : this.#high;
    const low = negative ? ~this.#low >>> 0 : this.#low;
    const magnitude = high * 2 ** 32 + low;
    if (!Number.isSafeInteger(magnitude)) throw this.fail("An impossibly large number");
    return negative ? -magnitude - 1 : magnitude;
  }

  int64(): bigint {
    this.#varint();
    // Nearly all values are small: a conversion of one number is several times faster than shifting bigints.
    if (this.#high < 0x200000) return BigInt(this.#high * 2 ** 32 + this.#low);
    return BigInt.asIntN(64, (BigInt(this.#high) << 32n) | BigInt(this.#low));
  }

  /** The low 32 bits, as protobuf reads an int32. */
  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  float(): number {
    this.#need(4);
    const value = this.view.getFloat32(this.pos, true);
    this.pos += 4;
    return value;
  }

  /** Field number and wire type; refuses number 0, groups and undefined wire types. */
  tag(): { field: number; type: number } {
    this.#varint();
    const type = this.#low & 7;
    const field = this.#low >>> 3;
    if (this.#high !== 0 || field === 0) throw this.fail("An impossible field number");
    if (type === 3 || type === 4 || type > 5) throw this.fail(`Wire type ${type} is not used by ONNX`);
    return { field, type };
  }

  /** Length of what follows, checked against the message around it. */
  length(): number {
    this.#varint();
    const left = this.end - this.pos;
    const length = this.#high * 2 ** 32 + this.#low;
    if (length > left) throw this.fail(`A field of ${length} bytes stands where only ${left} are left`);
    return length;
  }

  /** A view of the next length-prefixed bytes. */
  chunk(): Uint8Array {
    const length = this.length();
    const start = this.pos;
    this.pos += length;
    return this.bytes.subarray(start, this.pos);
  }

  string(): string {
    const chunk = this.chunk();
    try {
      return strictUtf8.decode(chunk);
    } catch {
      throw this.fail("A text is not valid UTF-8");
    }
  }

  skip(type: number): void {
    if (type === wire.varint) this.#varint();
    else if (type === wire.bytes) {
      const length = this.length();
      this.pos += length;
    } else {
      const size = type === wire.fixed64 ? 8 : 4;
      this.#need(size);
      this.pos += size;
    }
  }

  #need(size: number): void {
    if (this.end - this.pos < size) throw this.fail("A number is cut off");
  }
}
