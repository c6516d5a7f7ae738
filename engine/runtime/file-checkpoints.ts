import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Checkpoints } from "../passes/training/tools.ts";
import { readFile, writeFileAtomically } from "./files.ts";

/** More than the memory of a training can hold. */
const mostBytes = 2 ** 33;

/** Checkpoints take at most about one part of so many of the time of a training. */
const leastShare = 20;

const headerBytes = 4;

const headerSchema = z.strictObject({ identity: z.string(), note: z.unknown() });

export interface FileCheckpointsOptions {
  readonly path: string;
  /** Of all that the training follows from: a checkpoint of any other is not taken. */
  readonly identity: string;
  /** Seconds from one to the next, at least; more where writing one takes long. */
  readonly everySeconds: number;
  /** What stands beside the state of the training, as JSON. */
  readonly note?: () => unknown;
  /** Gets it back before the training goes on. @throws where it is not what was noted: then the training begins anew */
  readonly onNote?: (note: unknown) => void;
  /** A checkpoint could not be written, and none will be: the training goes on without. */
  readonly onFault?: (error: unknown) => void;
}

/** Keeps the latest checkpoint of one training in a file, which is there whole or not at all. */
export class FileCheckpoints implements Checkpoints {
  readonly #options: FileCheckpointsOptions;
  #next: number;

  constructor(options: FileCheckpointsOptions) {
    this.#options = options;
    this.#next = performance.now() + 1_000 * options.everySeconds;
  }

  /** Undefined also where the file is of another training or cannot be read: the training then begins anew. */
  async load(): Promise<Uint8Array | undefined> {
    const { path, identity, onNote } = this.#options;
    try {
      const file = await readFile(path, mostBytes);
      const length = new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(0, true);
      const text = new TextDecoder().decode(file.subarray(headerBytes, headerBytes + length));
      const header = headerSchema.parse(JSON.parse(text));
      if (header.identity !== identity) return undefined;
      onNote?.(header.note);
      return file.subarray(headerBytes + length);
    } catch {
      return undefined;
    }
  }

  isDue(): boolean {
    return performance.now() >= this.#next;
  }

  async save(parts: readonly Uint8Array[]): Promise<void> {
    const { path, identity, everySeconds, note, onFault } = this.#options;
    const started = performance.now();
    const text = new TextEncoder().encode(JSON.stringify({ identity, note: note?.() ?? null }));
    const length = new Uint8Array(headerBytes);
    new DataView(length.buffer).setUint32(0, text.length, true);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomically(path, [length, text, ...parts]);
    } catch (error) {
      this.#next = Number.POSITIVE_INFINITY;
      onFault?.(error);
      return;
    }
    const ended = performance.now();
    this.#next = ended + Math.max(1_000 * everySeconds, leastShare * (ended - started));
  }
}
