import { closeSync, openSync, writeSync } from "node:fs";
import type { LazyBytes } from "../onnx/lazy.ts";
import { defineTask } from "../passes/pool.ts";
import { fileError } from "./file-error.ts";

/** Makes some bytes and puts them into their place in a file that is there already. */
export function work({ path, position, bytes }: { path: string; position: number; bytes: LazyBytes }): void {
  const content = bytes.glimpse();
  try {
    const handle = openSync(path, "r+");
    try {
      for (let done = 0; done < content.length; )
        done += writeSync(handle, content, done, content.length - done, position + done);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw fileError(error, path, "write");
  }
}

export const writePiece = defineTask<typeof work>(import.meta.url);
