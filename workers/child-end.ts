import type { Problem } from "#contracts/problem.ts";
import type { Remark } from "#engine/remarks/remark.schema.ts";
import { problemOf, sayOfRun } from "#server/lib/log-line.ts";

/** Why the worker itself ended a child. */
export type StopCause = "cancel" | "stale" | "shutdown" | "memory" | "time" | "protocol";

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last of what it wrote to standard error. */
  readonly stderr: string;
  readonly stopped: StopCause | undefined;
}

export interface ChildLimits {
  readonly wallSeconds: number;
  readonly memoryBytes: number;
}

/** Signals by which the kernel or the C library ends a process that did something impossible. */
const crashes = new Set<NodeJS.Signals>([
  "SIGABRT",
  "SIGSEGV",
  "SIGBUS",
  "SIGILL",
  "SIGFPE",
  "SIGTRAP",
  "SIGSYS",
]);
const crashStatus = new Map<number, NodeJS.Signals>([
  [134, "SIGABRT"],
  [139, "SIGSEGV"],
  [135, "SIGBUS"],
]);

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/**
 * What to tell a person about a child that ended without saying how its task ended. `transient` where another try may
 * go better: the reason came from outside.
 */
export function explainExit(exit: ChildExit, limits: ChildLimits): { problem: Problem; transient: boolean } {
  const end = (code: string, remark: Remark, transient = false) => ({
    problem: problemOf(code, remark),
    transient,
  });
  if (exit.stopped === "memory" || /heap out of memory|std::bad_alloc/i.test(exit.stderr)) {
    const limit = mebibytes(limits.memoryBytes);
    return end("outOfMemory", sayOfRun("log.outOfMemory", { limit }));
  }
  if (exit.stopped === "time") {
    return end("timeLimit", sayOfRun("log.timeLimit", { seconds: limits.wallSeconds }));
  }
  if (exit.stopped === "protocol") {
    return end("childCrashed", sayOfRun("log.notUnderstood"));
  }
  const signal = exit.signal ?? crashStatus.get(exit.code ?? 0);
  if (signal && crashes.has(signal)) {
    const said = lastLine(exit.stderr);
    const crashed = said
      ? sayOfRun("log.crashedSaying", { signal, said })
      : sayOfRun("log.crashed", { signal });
    return end("childCrashed", crashed);
  }
  if (exit.signal) {
    const killed = exit.signal === "SIGKILL" ? "log.killedForMemory" : "log.killed";
    return end("childKilled", sayOfRun(killed, { signal: exit.signal }), true);
  }
  const said = lastLine(exit.stderr);
  const status = exit.code ?? 0;
  return end(
    "childCrashed",
    said ? sayOfRun("log.endedEarlySaying", { status, said }) : sayOfRun("log.endedEarly", { status }),
  );
}

/** The line that says most: the last with a word in it. Paths of this machine are of no use to a reader. */
function lastLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => /[a-z]/i.test(line));
  const telling =
    lines.find((line) => /error|terminate|assert|fatal|what\(\)/i.test(line)) ?? lines.at(-1) ?? "";
  return telling
    .replaceAll(/(?:file:\/\/)?(?:\/[\w.@+-]+){2,}/g, "…")
    .trim()
    .slice(0, 300);
}
