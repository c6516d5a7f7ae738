import { createReadStream } from "node:fs";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { fileError } from "./file-error.ts";

/** The level that gzip has by default. The highest takes ten times as long on pruned weights, for a per cent. */
const level = 6;

/** Bytes that some chunks take together after gzip at level 6; nothing is kept in memory. */
export async function gzipSize(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<number> {
  let bytes = 0;
  const counter = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(Readable.from(chunks, { objectMode: true }), createGzip({ level }), counter, { signal });
  return bytes;
}

/** As `gzipSize`, of a file. */
export async function gzipSizeOfFile(path: string, signal?: AbortSignal): Promise<number> {
  try {
    return await gzipSize(createReadStream(path, { highWaterMark: 1 << 20 }), signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw fileError(error, path, "read");
  }
}
