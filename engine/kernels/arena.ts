import { wasm } from "./kernels.wasm.ts";

/** What `kernels.wat` exports. Addresses and lengths are bytes of the arena's memory. */
export interface Kernels {
  countBetween(from: number, end: number, above: number, below: number): number;
  toHalves(from: number, end: number, to: number): void;
  toBrains(from: number, end: number, to: number): void;
  extent(from: number, end: number): [min: number, max: number, strange: number];
  quantize8(
    from: number,
    end: number,
    to: number,
    scale: number,
    zero: number,
    low: number,
    high: number,
  ): void;
  zeroBelow(from: number, end: number, to: number, threshold: number): [below: number, zeros: number];
  gather(
    from: number,
    end: number,
    to: number,
    low: number,
    high: number,
  ): [below: number, zeros: number, end: number];
  countUpper(from: number, end: number, counts: number): void;
  countLower(from: number, end: number, counts: number, upper: number): void;
}

/** Fewer values are done by a loop in JavaScript before a kernel is called. */
export const leastForKernel = 512;

const page = 1 << 16;
/** Room for 2^16 counts of 32 bits. */
const countsBytes = 1 << 18;
/** As many bytes as can be looked at where a reader put them. */
export const windowBytes = 1 << 24;
/** What comes from elsewhere passes through in blocks of so many bytes, small enough for a processor's own cache. */
const stagingBytes = 1 << 18;
/** Kernels read and write whole vectors: a little beyond the end. */
const slack = page;

const counts = 0;
const window = counts + countsBytes;
const staging = window + windowBytes + slack;
const output = staging + stagingBytes + slack;
const memoryPages = (output + windowBytes + slack) / page;

/** Bytes that a kernel takes at a time; ranges are padded to a multiple of it. */
const grain = 64;

/**
 * Memory of one thread for the kernels of `kernels.wat`. Whoever reads a tensor to look at it once puts it into the
 * window, where kernels find it without a copy; anything else is copied in, block by block. What kernels make is valid
 * until the next call. Pages that nothing has touched cost nothing.
 */
class Arena {
  readonly kernels: Kernels;
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages });
    const module = new WebAssembly.Module(Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0)));
    const { exports } = new WebAssembly.Instance(module, { arena: { memory } });
    // The text of the module is beside it; a test compares them.
    this.kernels = exports as unknown as Kernels;
    this.#bytes = new Uint8Array(memory.buffer as ArrayBuffer);
  }

  /** Bytes to read a tensor into, at most `windowBytes`; the next caller uses them again. */
  window(length: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(window, window + length);
  }

  owns(bytes: ArrayBufferView): boolean {
    return bytes.buffer === this.#bytes.buffer;
  }

  /**
   * Calls back with ranges of the memory that hold the values, in order. `pad` zeros follow the last range's values:
   * as many as are missing to a whole grain.
   */
  visit(values: Float32Array, kernel: (range: Range) => void): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const inWindow = this.owns(bytes) && bytes.byteOffset >= window && bytes.byteOffset < staging;
    let done = 0;
    if (inWindow) {
      done = bytes.length - (bytes.length % grain);
      if (done > 0) kernel({ from: bytes.byteOffset, end: bytes.byteOffset + done, at: 0, pad: 0 });
    }
    while (done < bytes.length) {
      const block = bytes.subarray(done, done + stagingBytes);
      const padded = Math.ceil(block.length / grain) * grain;
      this.#bytes.set(block, staging);
      this.#bytes.fill(0, staging + block.length, staging + padded);
      kernel({ from: staging, end: staging + padded, at: done / 4, pad: (padded - block.length) / 4 });
      done += block.length;
    }
  }

  /**
   * The bytes that a kernel makes of each value, `width` of them. Of at most `windowBytes` it makes a view that is valid
   * until the next call; of more, memory of its own.
   */
  map(
    values: Float32Array,
    width: number,
    kernel: (range: Range, to: number) => void,
  ): Uint8Array<ArrayBuffer> {
    const length = values.length * width;
    if (values.byteLength <= windowBytes) {
      this.visit(values, (range) => kernel(range, output + range.at * width));
      return this.#bytes.subarray(output, output + length);
    }
    const made = new Uint8Array(length);
    this.visit(values, (range) => {
      kernel(range, output);
      const size = ((range.end - range.from) / 4 - range.pad) * width;
      made.set(this.#bytes.subarray(output, output + size), range.at * width);
    });
    return made;
  }

  /**
   * The values that a kernel writes of each range, as many as it chooses and at most one for each value, in memory of
   * their own.
   *
   * @param kernel gives the address where they end
   */
  collect(values: Float32Array, kernel: (range: Range, to: number) => number): Float32Array<ArrayBuffer> {
    const parts: Float32Array<ArrayBuffer>[] = [];
    this.visit(values, (range) => {
      const end = kernel(range, output);
      parts.push(new Float32Array(this.#bytes.buffer.slice(output, end)));
    });
    const [first, ...others] = parts;
    return first !== undefined && others.length === 0 ? first : joined(parts);
  }

  /** `length` counts, all zero before the kernel runs, after it. */
  count(length: number, values: Float32Array, kernel: (range: Range, counts: number) => void): Uint32Array {
    const view = new Uint32Array(this.#bytes.buffer, counts, length);
    view.fill(0);
    this.visit(values, (range) => kernel(range, counts));
    return view.slice();
  }
}

/** Lists one after the other. */
export function joined(lists: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

/** Values in the memory: of the bytes from `from` to `end` the last `4·pad` are zeros; the first is value `at`. */
export interface Range {
  readonly from: number;
  readonly end: number;
  readonly at: number;
  readonly pad: number;
}

let shared: Arena | undefined;

/** This thread's. */
export function arena(): Arena {
  shared ??= new Arena();
  return shared;
}

/** The bytes as memory of their own, where they are the arena's. */
export function keep(bytes: Uint8Array): Uint8Array {
  return arena().owns(bytes) ? bytes.slice() : bytes;
}
