import { LazyBytes } from "./lazy.ts";

const blockBytes = 64 * 1024;
/** Byte strings of at least this size are passed on as they are instead of being copied. */
const referenceBytes = 4 * 1024;

const utf8 = new TextEncoder();
const scratch = new DataView(new ArrayBuffer(4));

/** What takes the parts of a message, the last one first. */
export interface BackwardSink {
  /** Bytes so far. */
  readonly length: number;
  bytes(value: Uint8Array | LazyBytes): void;
  /** Returns the length in bytes. */
  string(value: string): number;
  float(value: number): void;
  /** A safe integer as a 64-bit varint; negative numbers take ten bytes. */
  int(value: number): void;
  int64(value: bigint): void;
  tag(field: number, type: number): void;
  /** Length and tag in front of what was written last. */
  prefix(field: number, length: number): void;
}

/**
 * Writes protobuf from the end to the start: when the length prefix of a message is due, its content has been
 * written and its length is known, so nothing is measured twice or copied from level to level.
 */
export class BackwardWriter implements BackwardSink {
  /** Bytes written so far. */
  length = 0;
  readonly #chunks: (Uint8Array | LazyBytes)[] = [];
  #block = new Uint8Array(blockBytes);
  /** First used byte of the block. */
  #start = blockBytes;
  /** End of the part of the block that is not yet among the chunks. */
  #end = blockBytes;

  /** The chunks in file order. */
  finish(): (Uint8Array | LazyBytes)[] {
    this.#seal();
    return this.#chunks.reverse();
  }

  bytes(value: Uint8Array | LazyBytes): void {
    if (value.length === 0) return;
    if (value instanceof LazyBytes || value.length >= referenceBytes) {
      this.#seal();
      this.#chunks.push(value);
      this.length += value.length;
      return;
    }
    this.#room(value.length);
    this.#start -= value.length;
    this.#block.set(value, this.#start);
    this.length += value.length;
  }

  string(value: string): number {
    if (value.length > mostAscii || !isAscii(value)) {
      const bytes = utf8.encode(value);
      this.bytes(bytes);
      return bytes.length;
    }
    // Most strings are short names: an array for each of them would take longer than the writing.
    this.#room(value.length);
    this.#start -= value.length;
    for (let at = 0; at < value.length; at++) this.#block[this.#start + at] = value.charCodeAt(at);
    this.length += value.length;
    return value.length;
  }

  float(value: number): void {
    scratch.setFloat32(0, value, true);
    this.bytes(new Uint8Array(scratch.buffer));
  }

  int(value: number): void {
    if (value < 0) {
      this.int64(BigInt(value));
      return;
    }
    this.#room(10);
    const size = varintSize(value);
    this.#start -= size;
    let rest = value;
    for (let at = 0; at < size; at++) {
      const low = rest % 128;
      this.#block[this.#start + at] = at < size - 1 ? low | 0x80 : low;
      rest = (rest - low) / 128;
    }
    this.length += size;
  }

  int64(value: bigint): void {
    if (value >= 0n && value <= 0x1fffffffffffffn) {
      this.int(Number(value));
      return;
    }
    this.#room(10);
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#start -= bytes.length;
    this.#block.set(bytes, this.#start);
    this.length += bytes.length;
  }

  tag(field: number, type: number): void {
    this.int(field * 8 + type);
  }

  prefix(field: number, length: number): void {
    this.int(length);
    this.tag(field, 2);
  }

  #room(size: number): void {
    if (this.#start >= size) return;
    this.#seal();
    this.#block = new Uint8Array(blockBytes);
    this.#start = blockBytes;
    this.#end = blockBytes;
  }

  #seal(): void {
    if (this.#start < this.#end) this.#chunks.push(this.#block.subarray(this.#start, this.#end));
    this.#end = this.#start;
  }
}

/** Strings up to this length are looked at letter by letter. */
const mostAscii = 512;

function isAscii(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Only counts: as long as what a `BackwardWriter` writes. */
export class LengthCounter implements BackwardSink {
  length = 0;

  bytes(value: Uint8Array | LazyBytes): void {
    this.length += value.length;
  }

  string(value: string): number {
    const size = value.length <= mostAscii && isAscii(value) ? value.length : utf8.encode(value).length;
    this.length += size;
    return size;
  }

  float(): void {
    this.length += 4;
  }

  int(value: number): void {
    this.length += value < 0 ? 10 : varintSize(value);
  }

  int64(value: bigint): void {
    let size = 1;
    for (let rest = BigInt.asUintN(64, value); rest > 0x7fn; rest >>= 7n) size++;
    this.length += size;
  }

  tag(field: number, type: number): void {
    this.int(field * 8 + type);
  }

  prefix(field: number, length: number): void {
    this.int(length);
    this.tag(field, 2);
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let limit = 128; value >= limit; limit *= 128) size++;
  return size;
}
