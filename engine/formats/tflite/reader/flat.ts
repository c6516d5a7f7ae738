import { ByteBuffer } from "flatbuffers";
import { EngineError } from "#engine/error.ts";
import { Budget, limits } from "./limits.ts";

const utf8 = new TextDecoder("utf-8");

/**
 * A FlatBuffer that is verified as it is read: every offset, vtable and length lies within the buffer before anything
 * behind it is looked at. Layout after "FlatBuffers internals" (flatbuffers.dev/internals): a table begins with the signed
 * distance back to its vtable, which has its own size, the size of the table, and the place of each field in it (0:
 * absent); vectors, strings and tables are found through unsigned offsets relative to where they stand.
 */
export class FlatFile {
  readonly bytes: Uint8Array;
  readonly buffer: ByteBuffer;
  readonly budget = new Budget();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.buffer = new ByteBuffer(bytes);
  }

  root(place: string): FlatTable {
    return new FlatTable(this, this.target(0, place), place);
  }

  /** Throws unless `size` bytes from `at` are in the buffer. */
  within(at: number, size: number, place: string): void {
    if (at < 0 || size < 0 || at + size > this.bytes.length)
      throw new EngineError(
        "truncated",
        `Something of ${size} bytes at byte ${at} is outside of the file of ${this.bytes.length}`,
        place,
      );
  }

  /** Where the offset that stands at `at` points. */
  target(at: number, place: string): number {
    this.within(at, 4, place);
    const to = at + this.buffer.readUint32(at);
    this.within(to, 4, place);
    return to;
  }
}

/** One table: fields are found by their position in its declaration. */
export class FlatTable {
  readonly place: string;
  readonly #file: FlatFile;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableSize: number;
  readonly #size: number;

  constructor(file: FlatFile, at: number, place: string) {
    file.budget.table(place);
    file.within(at, 4, place);
    const vtable = at - file.buffer.readInt32(at);
    file.within(vtable, 4, place);
    const vtableSize = file.buffer.readUint16(vtable);
    const size = file.buffer.readUint16(vtable + 2);
    if (vtableSize < 4 || vtableSize % 2 !== 0 || size < 4)
      throw new EngineError("malformed", `Its vtable at byte ${vtable} is none`, place);
    file.within(vtable, vtableSize, place);
    file.within(at, size, place);
    this.place = place;
    this.#file = file;
    this.#at = at;
    this.#vtable = vtable;
    this.#vtableSize = vtableSize;
    this.#size = size;
  }

  /** Where a field of `size` bytes stands in the file, or undefined where the table does not have it. */
  #field(index: number, size: number, name: string): number | undefined {
    const slot = 4 + 2 * index;
    if (slot + 2 > this.#vtableSize) return undefined;
    const offset = this.#file.buffer.readUint16(this.#vtable + slot);
    if (offset === 0) return undefined;
    if (offset < 4 || offset + size > this.#size)
      throw new EngineError("malformed", `Field ${name} is outside of its table`, this.place);
    return this.#at + offset;
  }

  byte(index: number, fallback: number, name: string): number {
    const at = this.#field(index, 1, name);
    return at === undefined ? fallback : this.#file.buffer.readInt8(at);
  }

  int(index: number, fallback: number, name: string): number {
    const at = this.#field(index, 4, name);
    return at === undefined ? fallback : this.#file.buffer.readInt32(at);
  }

  uint(index: number, name: string): number {
    const at = this.#field(index, 4, name);
    return at === undefined ? 0 : this.#file.buffer.readUint32(at);
  }

  float(index: number, fallback: number, name: string): number {
    const at = this.#field(index, 4, name);
    return at === undefined ? fallback : this.#file.buffer.readFloat32(at);
  }

  /** An unsigned number of 64 bits; beyond 2^53 as infinity, which no bound lets pass. */
  long(index: number, name: string): number {
    const at = this.#field(index, 8, name);
    if (at === undefined) return 0;
    const value = this.#file.buffer.readUint64(at);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value);
  }

  string(index: number, name: string): string | undefined {
    const bytes = this.#vector(index, 1, name);
    if (bytes === undefined) return undefined;
    this.#file.budget.values(bytes.length, this.place);
    return utf8.decode(this.#file.bytes.subarray(bytes.at, bytes.at + bytes.length));
  }

  /** Bytes as a view into the file. */
  bytes(index: number, name: string): Uint8Array | undefined {
    const found = this.#vector(index, 1, name);
    return found && this.#file.bytes.subarray(found.at, found.at + found.length);
  }

  ints(index: number, name: string): number[] | undefined {
    return this.#list(index, 4, name, (at) => this.#file.buffer.readInt32(at));
  }

  floats(index: number, name: string): number[] | undefined {
    return this.#list(index, 4, name, (at) => this.#file.buffer.readFloat32(at));
  }

  longs(index: number, name: string): bigint[] | undefined {
    return this.#list(index, 8, name, (at) => this.#file.buffer.readInt64(at));
  }

  table(index: number, name: string): FlatTable | undefined {
    const at = this.#field(index, 4, name);
    if (at === undefined) return undefined;
    return new FlatTable(this.#file, this.#file.target(at, this.place), `${name} of ${this.place}`);
  }

  /** @param placeOf what the table at an index is called in messages */
  tables(index: number, name: string, placeOf: (index: number) => string): FlatTable[] {
    return (
      this.#list(index, 4, name, (at, item) => {
        const place = placeOf(item);
        return new FlatTable(this.#file, this.#file.target(at, place), place);
      }) ?? []
    );
  }

  #list<T>(
    index: number,
    width: number,
    name: string,
    read: (at: number, item: number) => T,
  ): T[] | undefined {
    const found = this.#vector(index, width, name);
    if (found === undefined) return undefined;
    this.#file.budget.values(found.length, this.place);
    return Array.from({ length: found.length }, (_, item) => read(found.at + width * item, item));
  }

  #vector(index: number, width: number, name: string): { at: number; length: number } | undefined {
    const at = this.#field(index, 4, name);
    if (at === undefined) return undefined;
    const place = `${name} of ${this.place}`;
    const start = this.#file.target(at, place);
    const length = this.#file.buffer.readUint32(start);
    this.#file.within(start + 4, length * width, place);
    if (length > limits.maxFlatBytes) throw new EngineError("limit-exceeded", "It is too long", place);
    return { at: start + 4, length };
  }
}
