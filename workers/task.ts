import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ChildMessage, ChildTask } from "#contracts/child.ts";
import type { Problem } from "#contracts/problem.ts";
import { log } from "#server/log/log.ts";
import { artifactStore } from "#server/storage/current.ts";
import type { ChildExit } from "./child-end.ts";
import { type RunningChild, startChild } from "./child-process.ts";
import type { WorkerContext } from "./context.ts";

export async function withFolder<T>(context: WorkerContext, use: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(context.workRoot, { recursive: true });
  const folder = await mkdtemp(join(context.workRoot, "task-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
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
