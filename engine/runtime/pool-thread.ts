import { parentPort } from "node:worker_threads";
import { EngineError } from "../error.ts";
import type { PoolAnswer } from "./pool.ts";
import { revived } from "./portable.ts";

/** One thread of the pool: imports the module of a task and does its work. */
parentPort?.on("message", async ({ module, input }: { module: string; input: unknown }) => {
  const answer = await perform(module, input);
  parentPort?.postMessage(answer, "output" in answer ? buffersOf(answer.output) : []);
});

async function perform(module: string, input: unknown): Promise<PoolAnswer> {
  try {
    const { work } = (await import(module)) as { work: (input: unknown) => unknown };
    return { output: await work(await revived(input)) };
  } catch (error) {
    if (error instanceof EngineError) {
      const { code, detail, place } = error;
      return { failed: { message: detail, code, ...(place !== undefined && { place }) } };
    }
    return { failed: { message: error instanceof Error ? error.message : String(error) } };
  }
}

/** Results are given away, not copied: nobody here looks at them again. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return [...found];
}
