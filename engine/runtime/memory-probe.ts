import { readFileSync } from "node:fs";
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

/** The kernel's high-water mark where it is shown, else what getrusage says. */
function peakBytes(): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    if (line !== null) return Number(line[1]) * 1024;
  } catch {
    // Not Linux.
  }
  return peakResidentBytes();
}

async function probe(): Promise<{ peakBytes: number; emptyBytes: number }> {
  const task = taskSchema.parse(JSON.parse(process.argv[2] ?? "null"));
  const emptyBytes = peakBytes();
  const session = await loadSession(task.modelPath);
  const [first] = await runnableFeeds(session, { items: 1, seed: task.seed, bounds: new Map(task.bounds) });
  const query = session.prepare(first?.feeds ?? {});
  for (let count = 0; count < task.queries; count++) await query();
  return { peakBytes: peakBytes(), emptyBytes };
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
