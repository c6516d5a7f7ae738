import { randomBytes } from "node:crypto";
import { constants, rmSync } from "node:fs";
import { type FileHandle, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { EngineError } from "#engine/error.ts";
import type { ByteSource, ExternalFiles } from "#engine/onnx/external.ts";
import { LazyBytes } from "#engine/onnx/lazy.ts";
import { quote } from "#engine/onnx/quote.ts";
import { inlinePool, type Pool } from "#engine/passes/pool.ts";
import { fileError } from "./file-error.ts";
import { writePiece } from "./write-piece.ts";

export { fileError } from "./file-error.ts";

export interface OpenFile extends ByteSource, AsyncDisposable {}

/** Opens a regular file for reading. Refuses folders, pipes and devices, which could block or never end. */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = await opened(path);
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new EngineError("not-a-model", "This is not a regular file", path);
    return {
      size: info.size,
      read: (offset, length) => readExactly(handle, offset, length, path),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw fileError(error, path, "read");
  }
}

async function readExactly(handle: FileHandle, offset: number, length: number, path: string) {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0)
      throw new EngineError("truncated", "The file became shorter while it was read", path);
    done += bytesRead;
  }
  return bytes;
}

/** The whole file; refuses more than `maxBytes` before anything is read. */
export async function readFile(path: string, maxBytes: number): Promise<Uint8Array> {
  await using file = await openFile(path);
  if (file.size > maxBytes) {
    throw new EngineError(
      "limit-exceeded",
      `The file has ${file.size} bytes, at most ${maxBytes} are read`,
      path,
    );
  }
  return await file.read(0, file.size);
}

/**
 * The folder of a model as its external data may see it. A location that a symbolic link leads out of the folder
 * is refused. Close it when the data has been loaded.
 */
export async function externalFilesBeside(modelPath: string): Promise<ExternalFiles & AsyncDisposable> {
  const folder = dirname(await realpath(modelPath));
  const files: OpenFile[] = [];
  return {
    async open(location) {
      let real: string;
      try {
        real = await realpath(join(folder, location));
      } catch {
        return undefined;
      }
      const inside = folder.endsWith(sep) ? folder : folder + sep;
      if (!real.startsWith(inside)) {
        throw new EngineError(
          "malformed",
          `External data ${quote(location)} is a link out of the model's folder`,
        );
      }
      const file = await openFile(real);
      files.push(file);
      return file;
    },
    async [Symbol.asyncDispose]() {
      for (const file of files) await file[Symbol.asyncDispose]();
    },
  };
}

const unfinished = new Set<string>();

/** Removes temporary files of writes under way, for a process that a signal ends. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
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

/** Large enough that a piece costs more than to hand it over, small enough that a few of them are no memory. */
const pieceBytes = 1 << 23;

async function writeChunks(
  handle: FileHandle,
  path: string,
  chunks: Iterable<Uint8Array | LazyBytes>,
  pool: Pool,
): Promise<void> {
  const waiting: Promise<void>[] = [];
  let position = 0;
  for (const chunk of chunks) {
    if (chunk instanceof LazyBytes) {
      let at = position;
      for (const bytes of chunk.pieces(pieceBytes)) {
        const done = pool.run(writePiece, { path, position: at, bytes });
        waiting.push(done);
        at += bytes.length;
        if (pool.size === 1) await done;
      }
    } else await writeAll(handle, chunk, position);
    position += chunk.length;
  }
  // All of them end before anything is said: a file that is being written must not be removed.
  const failed = (await Promise.allSettled(waiting)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}
