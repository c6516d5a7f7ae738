import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EngineError } from "#engine/error.ts";
import { LazyBytes } from "#engine/onnx/lazy.ts";
import { inlinePool, type Pool } from "#engine/passes/pool.ts";
import { RandomFile } from "./file-bytes.ts";
import { fileError } from "./file-error.ts";
import { unfinished } from "./unfinished.ts";
import { writePiece } from "./write-piece.ts";

export { fileError } from "./file-error.ts";

/** The whole file; refuses more than `maxBytes` before anything is read. */
export async function readFile(path: string, maxBytes: number): Promise<Uint8Array> {
  using file = new RandomFile(path);
  if (file.size > maxBytes) {
    throw new EngineError(
      "limit-exceeded",
      `The file has ${file.size} bytes, at most ${maxBytes} are read`,
      path,
    );
  }
  return file.read(0, file.size);
}

/**
 * Writes a file that appears under its name only when it is complete: the chunks go to a hidden temporary file in
 * the same folder, which is flushed to disk and then renamed. On any failure the temporary file is removed and what
 * stood under the name before stays. Lazy chunks are made piece by piece, on the cores of the pool.
 */
export async function writeFileAtomically(
  path: string,
  chunks: Iterable<Uint8Array | LazyBytes>,
  pool: Pool = inlinePool,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
  unfinished.add(temporary);
  try {
    const handle = await open(temporary, "wx");
    try {
      await writeChunks(handle, temporary, chunks, pool);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // Only failures of the file system are ours to name; the source of the chunks may fail on its own.
    throw error instanceof Error && "syscall" in error ? fileError(error, path, "write") : error;
  } finally {
    unfinished.delete(temporary);
  }
}

/** So much is handed to the disk at a time while other pieces are still being made. */
const flushBytes = 1 << 25;

/** Large enough that a piece costs more than to hand it over, small enough that a few of them are no memory. */
const pieceBytes = 1 << 23;

async function writeChunks(
  handle: FileHandle,
  path: string,
  chunks: Iterable<Uint8Array | LazyBytes>,
  pool: Pool,
): Promise<void> {
  const waiting: Promise<void>[] = [];
  const failures: unknown[] = [];
  let position = 0;
  let [unflushed, flushing] = [0, false];
  const flushSome = async (written: number) => {
    unflushed += written;
    if (flushing || unflushed < flushBytes) return;
    [unflushed, flushing] = [0, true];
    await handle.datasync();
    flushing = false;
  };
  try {
    for (const chunk of chunks) {
      if (chunk instanceof LazyBytes) {
        let at = position;
        for (const bytes of chunk.pieces(pieceBytes)) {
          const done = pool.run(writePiece, { path, position: at, bytes });
          at += bytes.length;
          if (pool.size === 1) await done;
          else
            waiting.push(
              done.then(() => flushSome(bytes.length)).catch((error) => void failures.push(error)),
            );
        }
      } else await writeAll(handle, chunk, position);
      position += chunk.length;
    }
  } finally {
    // All of them end before anything is said: a file that is being written must not be removed.
    await Promise.all(waiting);
  }
  if (failures.length > 0) throw failures[0];
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}
