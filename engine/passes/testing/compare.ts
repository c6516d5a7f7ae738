import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";

export interface CompareRequest {
  original: string;
  changed: string;
  /** Sizes of symbolic dimensions; 2 otherwise. */
  dims?: Record<string, number>;
  /** Whole shapes, by input. */
  shapes?: Record<string, number[]>;
  /** Bounds of the values, by input; −1 to 1 or 0 to 5 otherwise. */
  ranges?: Record<string, [number, number]>;
  seed?: number;
}

export interface OutputDifference {
  name: string;
  cosine: number;
  maxAbs: number;
  /** Root mean square of the original's values. */
  rms: number;
  /** Values that are not finite are the same in both. */
  finite: boolean;
  count: number;
}

export interface CompareResult {
  error?: string;
  outputs: OutputDifference[];
}

/** Compares models in a child process with ONNX Runtime, started anew after a native abort. */
export class Comparer implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "compare-"));
  #child: ChildProcess | undefined;
  #answers: AsyncIterator<string> | undefined;
  #lines: Interface | undefined;
  #count = 0;

  #start(): ChildProcess {
    const child = spawn(process.execPath, [join(import.meta.dirname, "compare-child.ts")], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    if (child.stdout === null) throw new Error("the child has no output");
    this.#lines = createInterface({ input: child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
    this.#child = child;
    return child;
  }

  save(model: Model): string {
    const path = join(this.#folder, `${this.#count++}.onnx`);
    writeFileSync(path, Buffer.concat(encodeModel(model)));
    return path;
  }

  async compare(
    original: Model,
    changed: Model,
    options: Omit<CompareRequest, "original" | "changed"> = {},
  ): Promise<CompareResult> {
    const child = this.#child ?? this.#start();
    const request: CompareRequest = {
      ...options,
      original: this.save(original),
      changed: this.save(changed),
    };
    child.stdin?.write(`${JSON.stringify(request)}\n`);
    const answer = await this.#answers?.next();
    if (answer === undefined || answer.done) {
      this.#child = undefined;
      return { error: "ONNX Runtime aborted", outputs: [] };
    }
    return JSON.parse(answer.value) as CompareResult;
  }

  [Symbol.dispose](): void {
    this.#child?.stdin?.end();
    this.#lines?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
