/**
 * Bytes of a tensor that are read or worked out when somebody asks, and not kept: a model larger than the memory is
 * handled one tensor at a time. The same bytes each time.
 */
export abstract class LazyBytes {
  abstract readonly length: number;

  /** All of them, as a buffer of its own that starts on an aligned address. */
  abstract read(): Uint8Array;

  /** All of them, valid until this thread asks for others: for a caller that looks at them at once. */
  glimpse(): Uint8Array {
    return this.read();
  }

  /** Consecutive pieces of at most `bytes` each (or of one element, where that is more). */
  abstract pieces(bytes: number): Iterable<LazyBytes>;

  /** As plain data that another thread makes the same bytes of; see `runtime/portable.ts`. */
  abstract portable(): PortableBytes;
}

/** What a thread needs to know to make the bytes. `lazy` names the class. */
export type PortableBytes =
  | { readonly lazy: "file"; readonly path: string; readonly offset: number; readonly length: number }
  | {
      readonly lazy: "mapped";
      readonly module: string;
      readonly params: unknown;
      readonly source: Uint8Array | PortableBytes;
      readonly widths: readonly [from: number, to: number];
      readonly first: number;
    };

/** As `glimpse`, of either kind. */
export function glimpseOf(data: Uint8Array | LazyBytes): Uint8Array {
  return data instanceof LazyBytes ? data.glimpse() : data;
}

/** The bytes themselves. */
export function bytesOf(data: Uint8Array | LazyBytes): Uint8Array {
  return data instanceof LazyBytes ? data.read() : data;
}
