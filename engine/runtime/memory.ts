import { execFile } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { EngineError } from "../error.ts";

export interface PeakMemory {
  /** Largest resident memory of the process. */
  readonly peakBytes: number;
  /** Of that, what Node and ONNX Runtime take before a model is loaded. */
  readonly emptyBytes: number;
}

export interface MemoryOptions {
  /** Fresh processes to start; each gives one value. */
  readonly repetitions?: number;
  /** Exclusive upper bounds of index inputs, see `indexBounds`. */
  readonly bounds?: ReadonlyMap<string, number>;
  readonly signal?: AbortSignal;
  /** Per process. */
  readonly timeoutSeconds?: number;
}

/** A signal ended the process that ran the model: it crashed in native code, or was ended from outside. */
export class ProcessEnded extends EngineError {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals, options?: ErrorOptions) {
    super("runtime-refused", `The process that measures memory was ended by ${signal}`, undefined, options);
    this.signal = signal;
  }
}

const resultSchema = z.object({ peakBytes: z.number().positive(), emptyBytes: z.number().positive() });

/**
 * Peak resident memory of a fresh process that loads one model and runs five queries of one made-up item: free of
 * what the measuring process itself keeps. A model that crashes takes only that process down.
 *
 * @returns one value per repetition (default 4)
 * @throws EngineError "runtime-refused" where the process fails, with the end of its error output; `ProcessEnded` where
 * a signal that did not come from here ended it
 */
export async function measurePeakMemory(
  modelPath: string,
  options: MemoryOptions = {},
): Promise<PeakMemory[]> {
  const results: PeakMemory[] = [];
  for (let repetition = 0; repetition < (options.repetitions ?? 4); repetition++) {
    results.push(await probe(modelPath, options));
  }
  return results;
}

function probe(
  modelPath: string,
  { bounds, signal, timeoutSeconds = 120 }: MemoryOptions,
): Promise<PeakMemory> {
  const task = JSON.stringify({ modelPath, queries: 5, seed: 1, bounds: [...(bounds ?? [])] });
  const program = join(import.meta.dirname, "memory-probe.ts");
  return new Promise((resolve, reject) => {
    const timeout = timeoutSeconds * 1000;
    execFile(
      process.execPath,
      [program, task],
      { signal, timeout, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(resultSchema.parse(JSON.parse(stdout)));
        } else if (signal?.aborted) {
          reject(signal.reason);
        } else if (error.signal && !error.killed) {
          reject(new ProcessEnded(error.signal, { cause: error }));
        } else {
          const ending = error.killed
            ? `needed more than ${timeoutSeconds} seconds`
            : `failed: ${lastWords(stderr)}`;
          reject(
            new EngineError("runtime-refused", `The process that measures memory ${ending}`, undefined, {
              cause: error,
            }),
          );
        }
      },
    );
  });
}

/** The last line: the probe's own message, or what a dying process said. */
function lastWords(stderr: string): string {
  return (stderr.trim().split("\n").at(-1) ?? "").slice(0, 500);
}
