import { closeSync, openSync, writeSync } from "node:fs";
import type { LazyBytes } from "../onnx/lazy.ts";
import { defineTask } from "../passes/pool.ts";
import { fileError } from "./file-error.ts";

/** What is read, made and written at a time stays in a processor's own cache: of 8 MiB the writing takes twice as long. */
const blockBytes = 1 << 18;

/** Makes some bytes and puts them into their place in a file that is there already. */
export function work({ path, position, bytes }: { path: string; position: number; bytes: LazyBytes }): void {
  const handle = naming(path, () => openSync(path, "r+"));
  try {
    let at = position;
    for (const block of bytes.pieces(blockBytes)) {
      const content = block.glimpse();
      naming(path, () => writeAll(handle, content, at));
      at += content.length;
    }
  } finally {
    closeSync(handle);
  }
}

function writeAll(handle: number, content: Uint8Array, position: number): void {
  for (let done = 0; done < content.length; )
    done += writeSync(handle, content, done, content.length - done, position + done);
}

function naming<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw fileError(error, path, "write");
  }
}

export const writePiece = defineTask<typeof work>(import.meta.url);
