import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { EngineError } from "../error.ts";
import { arena, windowBytes } from "../kernels/arena.ts";
import { LazyBytes, type PortableBytes } from "../onnx/lazy.ts";
import { fileError } from "./file-error.ts";

/** The system reads less than 2 GiB in one call. */
const mostAtOnce = 1 << 30;

/** A regular file that is read piece by piece. Close it when nothing will ask for its bytes any more. */
export class RandomFile implements Disposable {
  readonly path: string;
  readonly size: number;
  readonly #handle: number;

  /** @throws EngineError "file-failed", or "not-a-model" for a folder, pipe or device */
  constructor(path: string) {
    this.path = path;
    try {
      // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
      this.#handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      throw fileError(error, path, "read");
    }
    const info = fstatSync(this.#handle);
    this.size = info.size;
    if (info.isFile()) return;
    closeSync(this.#handle);
    throw new EngineError("not-a-model", "This is not a regular file", path);
  }

  /** @throws EngineError "truncated" where the file ends before `length` bytes */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#fill(new Uint8Array(length), offset);
  }

  /** As `read`, into memory that the next call on this thread uses again: fresh memory costs as much as the reading. */
  glimpse(offset: number, length: number): Uint8Array<ArrayBuffer> {
    return length > windowBytes ? this.read(offset, length) : this.#fill(arena().window(length), offset);
  }

  #fill(bytes: Uint8Array<ArrayBuffer>, offset: number): Uint8Array<ArrayBuffer> {
    const { length } = bytes;
    let done = 0;
    while (done < length) {
      const read = this.#readSome(bytes, done, offset);
      if (read === 0)
        throw new EngineError("truncated", "The file became shorter while it was read", this.path);
      done += read;
    }
    return bytes;
  }

  #readSome(bytes: Uint8Array, done: number, offset: number): number {
    try {
      return readSync(this.#handle, bytes, done, Math.min(bytes.length - done, mostAtOnce), offset + done);
    } catch (error) {
      throw fileError(error, this.path, "read");
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle);
  }
}

/** A range of a file. */
export class FileBytes extends LazyBytes {
  readonly length: number;
  readonly #file: RandomFile;
  readonly #offset: number;

  constructor(file: RandomFile, offset: number, length: number) {
    super();
    this.#file = file;
    this.#offset = offset;
    this.length = length;
  }

  read(): Uint8Array {
    return this.#file.read(this.#offset, this.length);
  }

  override glimpse(): Uint8Array {
    return this.#file.glimpse(this.#offset, this.length);
  }

  *pieces(bytes: number): Iterable<LazyBytes> {
    for (let at = 0; at < this.length; at += bytes) {
      yield new FileBytes(this.#file, this.#offset + at, Math.min(bytes, this.length - at));
    }
  }

  portable(): PortableBytes {
    return { lazy: "file", path: this.#file.path, offset: this.#offset, length: this.length };
  }
}
