import { constants, createGunzip } from "node:zlib";
import { artifactStore } from "#server/storage/current.ts";

/** Enough to see a header and some rows; what an unknown file may make the web process read and hold. */
export const headBytes = 64 * 1024;

export interface FileHead {
  readonly name: string;
  /** The first bytes, decompressed. */
  readonly bytes: Uint8Array;
  /** False where the file goes on. */
  readonly isWhole: boolean;
}

/** The beginning of a stored file, decompressed where it is gzip; of broken gzip, what could be decompressed. */
export async function readHead(name: string, file: { sha256: string; bytes: number }): Promise<FileHead> {
  const end = Math.min(file.bytes, headBytes);
  const stored =
    end === 0 ? new Uint8Array() : await taken(artifactStore().open(file.sha256, { start: 0, end: end - 1 }));
  if (stored[0] !== 0x1f || stored[1] !== 0x8b)
    return { name, bytes: stored, isWhole: file.bytes <= headBytes };
  const bytes = await inflated(stored);
  return { name, bytes, isWhole: file.bytes <= headBytes && bytes.length < headBytes };
}

async function taken(opened: Promise<ReadableStream<Uint8Array>>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await opened) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Stops at `headBytes` of output, so that a few bytes which would inflate to gigabytes do no harm. */
async function inflated(stored: Uint8Array): Promise<Uint8Array> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  const chunks: Buffer[] = [];
  let length = 0;
  gunzip.end(stored);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= headBytes) break;
    }
  } catch {
    // The reading of the whole file will say what is wrong; a guess takes what there is.
  }
  gunzip.destroy();
  return Buffer.concat(chunks).subarray(0, headBytes);
}
