import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { AppError } from "#contracts/errors.ts";
import { artifactStore } from "#server/storage/current.ts";
import type { StoredFile } from "#server/storage/store.ts";

/** Larger than any model that the engine writes. */
const outputLimit = 8 * 2 ** 30;

/**
 * Puts a file that a child has written into the store and has it named. Equal bytes may have been removed in between:
 * then both are done once more.
 *
 * @throws AppError `storeFull`
 */
export async function storeFile<T>(path: string, name: (file: StoredFile) => Promise<T>): Promise<T> {
  const work = async () => {
    const source = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
    return await name(await artifactStore().put(source, { limit: outputLimit }));
  };
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") return await work();
    throw error;
  }
}
