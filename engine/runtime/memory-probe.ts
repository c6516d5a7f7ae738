import { z } from "zod";
import { peakResidentBytes } from "./peak-memory.ts";
import { runnableFeeds } from "./runnable-feeds.ts";
import { loadSession } from "./session.ts";

/**
 * Program of a fresh process: loads one model, runs it on made-up inputs and prints its peak memory as JSON.
 * Started by `measurePeakMemory` only, with its task as the one argument.
 */
const taskSchema = z.object({
  modelPath: z.string(),
  queries: z.number().int().positive(),
  seed: z.number().int(),
  bounds: z.array(z.tuple([z.string(), z.number()])),
});

async function probe(): Promise<{ peakBytes: number; emptyBytes: number }> {
  const task = taskSchema.parse(JSON.parse(process.argv[2] ?? "null"));
  const emptyBytes = peakResidentBytes();
  const session = await loadSession(task.modelPath);
  const [first] = await runnableFeeds(session, { items: 1, seed: task.seed, bounds: new Map(task.bounds) });
  const query = session.prepare(first?.feeds ?? {});
  for (let count = 0; count < task.queries; count++) await query();
  return { peakBytes: peakResidentBytes(), emptyBytes };
}

// The parent holds the other end of the input: when it dies, however, this process must not go on.
process.stdin.resume().on("end", () => process.exit(1));
try {
  process.stdout.write(JSON.stringify(await probe()));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  process.stdin.destroy();
}
