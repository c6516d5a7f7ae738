import { wire } from "./wire.ts";

/** Reads a range of a file; throws where the file ends before. */
export type ReadRange = (offset: number, length: number) => Uint8Array;

/** Where the bytes of a tensor stand in a file. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

export interface Skeleton {
  /** The file without the bytes of its large initialisers: a valid model file of its own. */
  readonly bytes: Uint8Array;
  /** For each initialiser of the main graph, in order: its bytes, where they were left out. */
  readonly left: readonly (Range | undefined)[];
}

/** Fields of the format that lead to the bytes of an initialiser: Model.graph, Graph.initializer, Tensor.raw_data. */
const [graphField, initializerField, rawDataField] = [7, 5, 9] as const;
/** Smaller tensors are read with the rest. */
const leastBytes = 1 << 16;
/** Fields of one message are walked through this much of the file at a time. */
const windowBytes = 1 << 16;
/** More than any real model has; the reader of whole files has bounds of its own. */
const mostFields = 2_000_000;

interface Field {
  readonly field: number;
  readonly type: number;
  /** Offsets in the file: of the tag, of what follows the tag (and the length), and behind it all. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** What is kept, in order: ranges of the file, and bytes that were written anew because a length changed. */
class Parts {
  readonly #list: (Range | Uint8Array)[] = [];
  length = 0;

  /** A field as it stands; it continues the one before where that is next to it. */
  keep({ start, end }: Field): void {
    const last = this.#list.at(-1);
    this.length += end - start;
    if (last !== undefined && !(last instanceof Uint8Array) && last.offset + last.length === start) {
      this.#list[this.#list.length - 1] = { offset: last.offset, length: end - last.offset };
    } else this.#list.push({ offset: start, length: end - start });
  }

  /** A message field that holds these parts. */
  wrap(field: number, parts: Parts): void {
    const head = Uint8Array.from([...varint(field * 8 + wire.bytes), ...varint(parts.length)]);
    this.#list.push(head);
    for (const part of parts.#list) this.#list.push(part);
    this.length += head.length + parts.length;
  }

  join(read: ReadRange): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#list) {
      out.set(part instanceof Uint8Array ? part : read(part.offset, part.length), at);
      at += part.length;
    }
    return out;
  }
}

/**
 * Walks a model file without reading the bytes of its weights. The file is taken as it comes: whatever is odd about it
 * (a field that ends beyond its message, a wire type that does not belong) makes the result undefined, and the whole
 * file has to be read and judged.
 */
export function skeletonOf(size: number, read: ReadRange): Skeleton | undefined {
  const walker = new Walker(size, read);
  try {
    const parts = new Parts();
    const left: (Range | undefined)[] = [];
    let graphs = 0;
    for (const field of walker.fields(0, size)) {
      if (field.field === graphField && field.type === wire.bytes) {
        graphs++;
        parts.wrap(graphField, graphParts(walker, field, left));
      } else parts.keep(field);
    }
    // Two graphs would be merged by protobuf, and the initialisers counted otherwise.
    return graphs === 1 ? { bytes: parts.join(read), left } : undefined;
  } catch (error) {
    if (error instanceof Odd) return undefined;
    throw error;
  }
}

function graphParts(walker: Walker, graph: Field, left: (Range | undefined)[]): Parts {
  const kept = new Parts();
  for (const field of walker.fields(graph.content, graph.end)) {
    const isTensor = field.field === initializerField && field.type === wire.bytes;
    const tensor = isTensor ? tensorParts(walker, field) : undefined;
    if (isTensor) left.push(tensor?.raw);
    if (tensor === undefined) kept.keep(field);
    else kept.wrap(initializerField, tensor.kept);
  }
  return kept;
}

/** Undefined for a tensor that is kept whole. */
function tensorParts(walker: Walker, tensor: Field): { kept: Parts; raw: Range } | undefined {
  if (tensor.end - tensor.content < leastBytes) return undefined;
  const kept = new Parts();
  let raw: Range | undefined;
  for (const field of walker.fields(tensor.content, tensor.end)) {
    const isRaw = field.field === rawDataField && field.type === wire.bytes;
    if (isRaw && raw !== undefined) throw new Odd();
    if (isRaw) raw = { offset: field.content, length: field.end - field.content };
    else kept.keep(field);
  }
  return raw && { kept, raw };
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** The file is not as every writer writes it. */
class Odd extends Error {}

class Walker {
  readonly #size: number;
  readonly #read: ReadRange;
  #window: Uint8Array = new Uint8Array();
  #fields = 0;
  #from = 0;

  constructor(size: number, read: ReadRange) {
    this.#size = size;
    this.#read = read;
  }

  *fields(from: number, to: number): Generator<Field> {
    let at = from;
    while (at < to) {
      if (++this.#fields > mostFields) throw new Odd();
      const tag = this.#varint(at);
      const type = tag.value % 8;
      const field = (tag.value - type) / 8;
      let content = tag.end;
      let end: number;
      if (type === wire.varint) end = this.#varint(content).end;
      else if (type === wire.fixed64) end = content + 8;
      else if (type === wire.fixed32) end = content + 4;
      else if (type === wire.bytes) {
        const length = this.#varint(content);
        content = length.end;
        end = content + length.value;
      } else throw new Odd();
      if (end > to || field === 0) throw new Odd();
      yield { field, type, start: at, content, end };
      at = end;
    }
  }

  #byte(at: number): number {
    if (at < this.#from || at >= this.#from + this.#window.length) {
      const length = Math.min(windowBytes, this.#size - at);
      if (length <= 0) throw new Odd();
      this.#window = this.#read(at, length);
      this.#from = at;
    }
    return this.#window[at - this.#from] ?? 0;
  }

  #varint(at: number): { value: number; end: number } {
    let value = 0;
    for (let byte = 0; byte < 7; byte++) {
      const bits = this.#byte(at + byte);
      value += (bits & 0x7f) * 2 ** (7 * byte);
      if (bits < 0x80) return { value, end: at + byte + 1 };
    }
    // Longer numbers are negative, or no lengths and no tags: skipped where they are a value, odd elsewhere.
    for (let byte = 7; byte < 10; byte++) {
      if (this.#byte(at + byte) < 0x80) return { value: Number.POSITIVE_INFINITY, end: at + byte + 1 };
    }
    throw new Odd();
  }
}
