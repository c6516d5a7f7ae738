import { rmSync } from "node:fs";

/** Files that are of no use to anybody when the work under way ends. */
export const unfinished = new Set<string>();

/** Removes them, for a process that a signal ends. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}
