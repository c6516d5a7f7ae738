import type { Problem } from "#contracts/problem.ts";

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
  const say = (code: string, message: string, transient = false) => ({
    problem: { code, message },
    transient,
  });
  if (exit.stopped === "memory" || /heap out of memory|std::bad_alloc/i.test(exit.stderr)) {
    const limit = mebibytes(limits.memoryBytes);
    return say(
      "outOfMemory",
      `The process needed more memory than the ${limit} that it may take, and was ended`,
    );
  }
  if (exit.stopped === "time") {
    return say(
      "timeLimit",
      `The process was ended after ${limits.wallSeconds} seconds, the longest that it may take`,
    );
  }
  if (exit.stopped === "protocol") {
    return say(
      "childCrashed",
      "The process said something that the worker does not understand, and was ended",
    );
  }
  const signal = exit.signal ?? crashStatus.get(exit.code ?? 0);
  if (signal && crashes.has(signal)) {
    const said = lastLine(exit.stderr);
    return say("childCrashed", `The process crashed in native code (${signal})${said ? `: ${said}` : ""}`);
  }
  if (exit.signal) {
    const hint = exit.signal === "SIGKILL" ? "; a machine that runs out of memory does this too" : "";
    return say("childKilled", `The process was ended from outside (${exit.signal})${hint}`, true);
  }
  const said = lastLine(exit.stderr);
  return say(
    "childCrashed",
    `The process ended early with status ${exit.code ?? 0}${said ? `: ${said}` : ""}`,
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
