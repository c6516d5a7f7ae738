import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { log } from "#server/log/log.ts";
import { openAmong } from "#server/modules/run/sweep/service.ts";
import type { WorkerContext } from "./context.ts";

const runId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where the checkpoints of a run's trainings are kept: beside the folders of tasks, which go away with their child. */
export function checkpointFolder({ checkpointRoot }: WorkerContext, run: string): string {
  return join(checkpointRoot, run);
}

/**
 * Removes the checkpoints of runs that have ended, or that are not there any more. Those of runs that wait or are at
 * work stay, whichever worker has them: the next attempt goes on from there.
 *
 * @returns how many runs had some
 */
export async function removeCheckpoints(
  context: Pick<WorkerContext, "checkpointRoot" | "connection">,
): Promise<number> {
  const { checkpointRoot, connection } = context;
  const found = (await readdir(checkpointRoot).catch(() => [])).filter((name) => runId.test(name));
  if (found.length === 0) return 0;
  const open = new Set(await openAmong(connection.db, found));
  const over = found.filter((id) => !open.has(id));
  for (const id of over) {
    // A child that was ended may still be writing for a moment; the next turn removes what it leaves.
    await rm(join(checkpointRoot, id), { recursive: true, force: true, maxRetries: 10 }).catch((error) =>
      log.warn("the checkpoints of a run could not be removed", { run: id, error: String(error) }),
    );
  }
  return over.length;
}
