import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ChildMessage, ChildTask } from "#contracts/child.ts";
import type { Problem } from "#contracts/problem.ts";
import { log } from "#server/log/log.ts";
import { artifactStore } from "#server/storage/current.ts";
import type { ChildExit } from "./child-end.ts";
import { type RunningChild, startChild } from "./child-process.ts";
import type { WorkerContext } from "./context.ts";

const prefix = "task-";

export async function withFolder<T>(context: WorkerContext, use: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(context.workRoot, { recursive: true });
  const folder = await mkdtemp(join(context.workRoot, prefix));
  try {
    return await use(folder);
  } finally {
    // A process that was ended with the child may still be writing for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 }).catch((error) =>
      log.warn("the folder of a task could not be removed", { folder, error: String(error) }),
    );
  }
}

/** Longer than any run may take. */
const forgottenMs = 24 * 3_600_000;

/** Removes folders of tasks whose worker was killed before it could; returns how many. */
export async function removeForgotten(workRoot: string, now = Date.now()): Promise<number> {
  let removed = 0;
  for (const name of await readdir(workRoot).catch(() => [])) {
    const folder = join(workRoot, name);
    const made = await stat(folder).catch(() => undefined);
    if (!made || now - made.birthtimeMs < forgottenMs || !name.startsWith(prefix)) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    removed++;
  }
  return removed;
}

/** Paths of a dataset's files by their names in its manifest. */
export async function filePaths(
  files: readonly { name: string; sha256: string }[],
): Promise<Record<string, string>> {
  const paths = await Promise.all(
    files.map(async ({ name, sha256 }) => [name, await artifactStore().path(sha256)]),
  );
  return Object.fromEntries(paths);
}

/** A fault of our own has its stack on the child's standard error: a person is told where to look for it. */
export function noteFault(problem: Problem, exit: ChildExit): void {
  if (problem.code === "internal")
    log.error("a child met a fault of its own", problem.message, { stderr: exit.stderr });
}

/** Runs a child for a registration and returns its last word, or how it ended without one. */
export async function runToEnd(
  context: WorkerContext,
  folder: string,
  task: ChildTask,
): Promise<{ last: ChildMessage | undefined; exit: ChildExit }> {
  let last: ChildMessage | undefined;
  const onMessage = (message: ChildMessage) => {
    if (message.kind === "inspected" || message.kind === "ingested" || message.kind === "failed")
      last = message;
  };
  const child: RunningChild = startChild({ task, limits: context.checkLimits, folder, onMessage });
  context.checking.add(child);
  try {
    const exit = await child.exit;
    return { last, exit };
  } finally {
    context.checking.delete(child);
  }
}
