import { type FileHandle, open } from "node:fs/promises";
import type { ByteRange } from "./store.ts";

/** Large enough that the system call costs little, small enough that many downloads at once need little memory. */
const chunkBytes = 256 * 1024;

/** The bytes of a local file, read only as fast as they are taken. The file is closed at the end or on cancel. */
export async function fileStream(path: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
  const handle = await open(path, "r");
  let position = range?.start ?? 0;
  const end = range ? range.end + 1 : Number.POSITIVE_INFINITY;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await readChunk(handle, position, Math.min(chunkBytes, end - position));
          position += chunk.length;
          if (chunk.length > 0) controller.enqueue(chunk);
          if (chunk.length > 0 && position < end) return;
          await handle.close();
          controller.close();
        } catch (error) {
          await handle.close().catch(() => {});
          throw error;
        }
      },
      async cancel() {
        await handle.close();
      },
    },
    { highWaterMark: 0 },
  );
}

async function readChunk(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  if (length <= 0) return new Uint8Array(0);
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
