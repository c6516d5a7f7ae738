import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { useArtifactStore } from "#server/storage/current.ts";
import { LocalStore } from "#server/storage/local-store.ts";

export interface TestStore {
  readonly root: string;
  /** Names of all files in it, temporary ones included. */
  files(): string[];
}

/** A store of this test file's own behind `artifactStore()`, in a folder that is removed afterwards. */
export function testStore(): TestStore {
  const root = mkdtempSync(join(tmpdir(), "parsimony-store-"));
  beforeAll(() => useArtifactStore(new LocalStore(root)));
  afterAll(() => {
    useArtifactStore(undefined);
    rmSync(root, { recursive: true, force: true });
  });
  return {
    root,
    files: () =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name),
  };
}

/** A stream of the chunks, one at a time as they are asked for. */
export function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = left.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
