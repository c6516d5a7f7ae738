import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { fileError } from "./files.ts";

/** The level that gzip has by default. The highest takes ten times as long on pruned weights, for a per cent. */
export const gzipLevel = 6;

/** Bytes that files take together after gzip at `gzipLevel`, one stream after another; nothing is kept in memory. */
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
      await pipeline(createReadStream(path), createGzip({ level: gzipLevel }), counter, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw fileError(error, path, "read");
    }
  }
  return bytes;
}
