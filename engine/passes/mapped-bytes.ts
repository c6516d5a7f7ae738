import { keep } from "#engine/kernels/arena.ts";
import { glimpseOf, LazyBytes, type PortableBytes } from "#engine/onnx/lazy.ts";

/**
 * A function of the elements of a tensor, one at a time, in a module of its own that exports it as `map`, so that any
 * thread can import it.
 *
 * @param source bytes of some consecutive elements, which are others after the call: the result is no view of them,
 *   but may be one of the arena of `kernels/arena.ts`
 * @param first number of the first of them in the tensor
 */
export type MapElements<Params> = (source: Uint8Array, params: Params, first: number) => Uint8Array;

export interface Mapping<Params> {
  /** `import.meta.url` of the module that exports `map`. */
  readonly module: string;
  readonly map: MapElements<Params>;
  /** Bytes of an element before and after. */
  readonly widths: readonly [from: number, to: number];
}

/** The elements of a tensor after a function of each, worked out when they are asked for. */
export class MappedBytes<Params> extends LazyBytes {
  readonly length: number;
  readonly #mapping: Mapping<Params>;
  readonly #source: Uint8Array | LazyBytes;
  readonly #params: Params;
  readonly #first: number;

  constructor(mapping: Mapping<Params>, source: Uint8Array | LazyBytes, params: Params, first = 0) {
    super();
    this.#mapping = mapping;
    this.#source = source;
    this.#params = params;
    this.#first = first;
    const [from, to] = mapping.widths;
    this.length = (source.length / from) * to;
  }

  read(): Uint8Array {
    return keep(this.glimpse());
  }

  override glimpse(): Uint8Array {
    return this.#mapping.map(glimpseOf(this.#source), this.#params, this.#first);
  }

  *pieces(bytes: number): Iterable<LazyBytes> {
    const [from, to] = this.#mapping.widths;
    const step = Math.max(1, Math.floor(bytes / Math.max(from, to))) * from;
    let first = this.#first;
    for (const part of partsOf(this.#source, step)) {
      yield new MappedBytes(this.#mapping, part, this.#params, first);
      first += part.length / from;
    }
  }

  portable(): PortableBytes {
    const { module, widths } = this.#mapping;
    const source = this.#source instanceof LazyBytes ? this.#source.portable() : this.#source;
    return { lazy: "mapped", module, params: this.#params, source, widths, first: this.#first };
  }
}

function* partsOf(source: Uint8Array | LazyBytes, bytes: number): Iterable<Uint8Array | LazyBytes> {
  if (source instanceof LazyBytes) yield* source.pieces(bytes);
  else for (let at = 0; at < source.length; at += bytes) yield source.subarray(at, at + bytes);
}
