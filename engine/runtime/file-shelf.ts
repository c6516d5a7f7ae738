import { randomBytes } from "node:crypto";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { LazyBytes } from "../onnx/lazy.ts";
import type { Shelf } from "../passes/shelf.ts";
import { FileBytes, RandomFile } from "./file-bytes.ts";
import { fileError } from "./file-error.ts";
import { unfinished } from "./unfinished.ts";

/**
 * A shelf in a hidden file, which is made when the first tensor comes and removed on disposal: dispose of it when the
 * result is written. It holds at most as many bytes as the techniques of a recipe make in all.
 */
export class FileShelf implements Shelf, Disposable {
  readonly path: string;
  #open: { readonly writer: number; readonly reader: RandomFile } | undefined;
  #end = 0;

  /** @param folder where the result goes: there is room for it, and it is no file system in memory */
  constructor(folder: string) {
    this.path = join(folder, `.shelf.${randomBytes(6).toString("hex")}.part`);
  }

  /** @throws EngineError "file-failed" */
  put(bytes: Uint8Array): LazyBytes {
    this.#open ??= this.#create();
    const { writer, reader } = this.#open;
    const start = this.#end;
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(writer, bytes, done, bytes.length - done, start + done);
    } catch (error) {
      throw fileError(error, this.path, "write");
    }
    this.#end += bytes.length;
    return new FileBytes(reader, start, bytes.length);
  }

  #create() {
    try {
      const writer = openSync(this.path, "wx", 0o600);
      unfinished.add(this.path);
      return { writer, reader: new RandomFile(this.path) };
    } catch (error) {
      throw fileError(error, this.path, "write");
    }
  }

  [Symbol.dispose](): void {
    if (this.#open === undefined) return;
    closeSync(this.#open.writer);
    this.#open.reader[Symbol.dispose]();
    this.#open = undefined;
    rmSync(this.path, { force: true });
    unfinished.delete(this.path);
  }
}
