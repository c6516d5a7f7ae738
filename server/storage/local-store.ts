import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, opendir, rename, rm, stat, unlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "#contracts/errors.ts";
import { fileStream } from "./file-stream.ts";
import { type BeforeWrite, pour } from "./pour.ts";
import {
  type ArtifactStore,
  type ByteRange,
  type ReceiveOptions,
  type StagedFile,
  type StoredFile,
  sha256Pattern,
} from "./store.ts";

/** A folder of this machine (or one that several machines mount): `<root>/ab/cd/<sha256>`. */
export class LocalStore implements ArtifactStore {
  readonly #root: string;
  readonly #temporary: string;
  readonly #beforeWrite: BeforeWrite | undefined;

  constructor(root: string, options: { readonly beforeWrite?: BeforeWrite } = {}) {
    this.#root = root;
    this.#temporary = join(root, "tmp");
    this.#beforeWrite = options.beforeWrite;
  }

  #place(sha256: string): string {
    // A hash that comes from elsewhere must never become a path out of the store.
    if (!sha256Pattern.test(sha256)) throw new AppError("notFound");
    return join(this.#root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async receive(source: ReadableStream<Uint8Array>, options: ReceiveOptions): Promise<StagedFile> {
    const path = join(this.#temporary, `${randomBytes(12).toString("hex")}.part`);
    let handle: FileHandle | undefined;
    try {
      await mkdir(this.#temporary, { recursive: true });
      handle = await open(path, "wx", 0o640);
      const stored = await pour(source, handle, options, this.#beforeWrite);
      await handle.sync();
      await handle.close();
      return {
        ...stored,
        publish: () => this.#publish(path, stored),
        discard: () => rm(path, { force: true }),
      };
    } catch (error) {
      await handle?.close().catch(() => {});
      await rm(path, { force: true });
      if (!source.locked) await source.cancel(error).catch(() => {});
      throw diskError(error);
    }
  }

  async #publish(temporary: string, { sha256, bytes }: StoredFile): Promise<void> {
    const place = this.#place(sha256);
    try {
      if ((await this.size(sha256)) === bytes) {
        await rm(temporary, { force: true });
        // It counts as received now: the sweep of files without an owner leaves recent ones alone.
        const now = new Date();
        await utimes(place, now, now);
        return;
      }
      await mkdir(dirname(place), { recursive: true });
      await rename(temporary, place);
      await syncFolder(dirname(place));
    } catch (error) {
      await rm(temporary, { force: true });
      throw diskError(error);
    }
  }

  async put(source: ReadableStream<Uint8Array>, options: ReceiveOptions): Promise<StoredFile> {
    const staged = await this.receive(source, options);
    await staged.publish();
    return { sha256: staged.sha256, bytes: staged.bytes };
  }

  async open(sha256: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>> {
    try {
      return await fileStream(this.#place(sha256), range);
    } catch (error) {
      throw isMissing(error) ? new AppError("notFound", {}, { cause: error }) : error;
    }
  }

  async path(sha256: string): Promise<string> {
    if (!(await this.has(sha256))) throw new AppError("notFound");
    return this.#place(sha256);
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.size(sha256)) !== undefined;
  }

  async size(sha256: string): Promise<number | undefined> {
    return (await information(this.#place(sha256)))?.size;
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#place(sha256), { force: true });
  }

  async *list(): AsyncGenerator<{ sha256: string; receivedAt: number }> {
    for await (const first of entries(this.#root)) {
      if (!/^[0-9a-f]{2}$/.test(first)) continue;
      for await (const second of entries(join(this.#root, first))) {
        for await (const sha256 of entries(join(this.#root, first, second))) {
          if (!sha256Pattern.test(sha256)) continue;
          const found = await information(this.#place(sha256));
          if (found) yield { sha256, receivedAt: found.mtimeMs };
        }
      }
    }
  }

  async sweep(idleMs: number): Promise<number> {
    let removed = 0;
    for await (const name of entries(this.#temporary)) {
      const path = join(this.#temporary, name);
      const found = await information(path);
      if (!found || Date.now() - found.mtimeMs < idleMs) continue;
      await unlink(path).then(() => removed++, ignoreMissing);
    }
    return removed;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

const isMissing = (error: unknown) => ["ENOENT", "ENOTDIR"].includes(codeOf(error));

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

/** A full disk or quota is a state of the installation that a person must be told about, not a bug. */
function diskError(error: unknown): unknown {
  if (!["ENOSPC", "EDQUOT", "EFBIG"].includes(codeOf(error))) return error;
  return new AppError("storeFull", {}, { cause: error });
}

async function information(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    ignoreMissing(error);
    return undefined;
  }
}

async function* entries(folder: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(folder)) yield entry.name;
  } catch (error) {
    ignoreMissing(error);
  }
}

/** Without this a power cut can forget the name of a file whose bytes are safe. */
async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; its file system keeps the names by itself.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
