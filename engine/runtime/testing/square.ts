import { threadId } from "node:worker_threads";
import { EngineError } from "../../error.ts";
import { defineTask } from "../../passes/pool.ts";

/** A task to try pools with. */
export function work({ of, inPlace = false }: { of: Float64Array; inPlace?: boolean }): {
  squares: Float64Array;
  thread: number;
} {
  const at = of.findIndex(Number.isNaN);
  if (at >= 0) throw new EngineError("malformed", "not a number", `value ${at}`);
  const squares = of.map((value) => value * value);
  if (inPlace) of.set(squares);
  return { squares, thread: threadId };
}

export const square = defineTask<typeof work>(import.meta.url);
