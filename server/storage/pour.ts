import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { AppError } from "#contracts/errors.ts";
import type { ReceiveOptions, StoredFile } from "./store.ts";

/** Called before each write with the bytes written so far; a test injects the faults of a disk here. */
export type BeforeWrite = (written: number) => void | Promise<void>;

/** Writes a stream to an open file, chunk by chunk, and returns what was written. Cancels the source on failure. */
export async function pour(
  source: ReadableStream<Uint8Array>,
  handle: FileHandle,
  options: ReceiveOptions,
  beforeWrite?: BeforeWrite,
): Promise<StoredFile> {
  const { limit, expectedBytes, signal } = options;
  const reader = source.getReader();
  // A pending read of a stalled source ends only by cancelling; racing it would keep every chunk in memory.
  const onAbort = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", onAbort, { once: true });
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    signal?.throwIfAborted();
    if ((expectedBytes ?? 0) > limit) throw new AppError("uploadTooLarge", { limit });
    for (;;) {
      const chunk = await nextChunk(reader, bytes, signal);
      if (!chunk) break;
      if (bytes + chunk.length > limit) throw new AppError("uploadTooLarge", { limit });
      if (expectedBytes !== undefined && bytes + chunk.length > expectedBytes)
        throw incomplete(bytes, options);
      hash.update(chunk);
      await beforeWrite?.(bytes);
      await writeAll(handle, chunk);
      bytes += chunk.length;
      options.onBytes?.(bytes);
    }
    if (expectedBytes !== undefined && bytes !== expectedBytes) throw incomplete(bytes, options);
    const sha256 = hash.digest("hex");
    if (options.expectedSha256 !== undefined && sha256 !== options.expectedSha256)
      throw incomplete(bytes, options);
    return { sha256, bytes };
  } catch (error) {
    // Not awaited: a source that never answers must not hold the cleaning up.
    void reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  received: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  let result: ReadableStreamReadResult<Uint8Array>;
  try {
    result = await reader.read();
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError("uploadIncomplete", { bytes: received }, { cause });
  }
  signal?.throwIfAborted();
  return result.done ? undefined : result.value;
}

function incomplete(bytes: number, { expectedBytes }: ReceiveOptions): AppError {
  return new AppError("uploadIncomplete", {
    bytes,
    ...(expectedBytes !== undefined && { expected: expectedBytes }),
  });
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.length - done);
    done += bytesWritten;
  }
}
