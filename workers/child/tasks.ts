import type { ChildTask } from "#contracts/child.ts";

/** Loads what the task needs, and nothing else: a check of a dataset never loads native code. */
export async function perform(task: ChildTask): Promise<void> {
  switch (task.kind) {
    case "inspect":
      return (await import("./inspect.ts")).inspect(task);
    case "ingest":
      return (await import("./ingest.ts")).ingest(task);
    case "run":
      return (await import("./run/execute.ts")).execute(task);
  }
}
