import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { fileError } from "./files.ts";

/** Bytes that files take together after gzip at level 9, one stream after another; nothing is kept in memory. */
export async function gzipSize(paths: readonly string[], signal?: AbortSignal): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    const counter = new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done();
      },
    });
    try {
      await pipeline(createReadStream(path), createGzip({ level: 9 }), counter, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw fileError(error, path, "read");
    }
  }
  return bytes;
}
