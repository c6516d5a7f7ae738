import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { EngineError, type EngineErrorCode } from "../error.ts";
import type { Pool, Task } from "../passes/pool.ts";
import { portable } from "./portable.ts";

/** What a thread answers. */
export type PoolAnswer =
  | { readonly output: unknown }
  | {
      readonly failed: { readonly message: string; readonly code?: EngineErrorCode; readonly place?: string };
    };

interface Waiting {
  readonly message: { module: string; input: unknown };
  readonly transfer: readonly ArrayBuffer[];
  readonly settle: (answer: PoolAnswer) => void;
}

/** Threads that do the work of passes, started when they are first needed. Dispose of it when the recipe is done. */
export class ThreadPool implements Pool, AsyncDisposable {
  readonly size: number;
  readonly #idle: Worker[] = [];
  readonly #all = new Map<Worker, Waiting | undefined>();
  readonly #queue: Waiting[] = [];

  constructor(size: number = availableParallelism()) {
    this.size = Math.max(1, size);
  }

  run<Input, Output>(
    task: Task<Input, Output>,
    input: Input,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Output> {
    return new Promise((resolve, reject) => {
      const settle = (answer: PoolAnswer) => {
        if ("output" in answer) resolve(answer.output as Output);
        else reject(errorOf(answer.failed));
      };
      this.#queue.push({ message: { module: task.module, input }, transfer, settle });
      this.#next();
    });
  }

  #next(): void {
    const waiting = this.#queue[0];
    if (waiting === undefined) return;
    const worker = this.#idle.pop() ?? (this.#all.size < this.size ? this.#start() : undefined);
    if (worker === undefined) return;
    this.#queue.shift();
    this.#all.set(worker, waiting);
    const { module, input } = waiting.message;
    worker.postMessage({ module, input: portable(input) }, [...waiting.transfer]);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./pool-thread.ts", import.meta.url));
    worker.unref();
    this.#all.set(worker, undefined);
    worker.on("message", (answer: PoolAnswer) => {
      const waiting = this.#all.get(worker);
      this.#all.set(worker, undefined);
      this.#idle.push(worker);
      waiting?.settle(answer);
      this.#next();
    });
    // Out of memory, for one; the thread is gone and another takes the next task.
    worker.on("error", (error) => {
      const waiting = this.#all.get(worker);
      this.#all.delete(worker);
      waiting?.settle({ failed: { message: error instanceof Error ? error.message : String(error) } });
      this.#next();
    });
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const workers = [...this.#all.keys()];
    this.#all.clear();
    this.#idle.length = 0;
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function errorOf({
  message,
  code,
  place,
}: {
  message: string;
  code?: EngineErrorCode;
  place?: string;
}): Error {
  return code === undefined ? new Error(message) : new EngineError(code, message, place);
}
