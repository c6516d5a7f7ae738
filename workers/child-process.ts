import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { type ChildMessage, type ChildTask, childMessage, type ParentMessage } from "#contracts/child.ts";
import type { ChildExit, ChildLimits, StopCause } from "./child-end.ts";
import { type ProcessUse, watchUse } from "./process-use.ts";

const program = join(import.meta.dirname, "child", "main.ts");
const stderrKept = 8_000;
/** Between asking a child to end and ending it. */
const graceMs = 3_000;

export interface RunningChild {
  readonly pid: number;
  readonly exit: Promise<ChildExit>;
  /** Asks the child to end, and ends it when it does not. Only the first cause counts. */
  stop(cause: StopCause): void;
}

export interface ChildOptions {
  readonly task: ChildTask;
  readonly limits: ChildLimits;
  /** Current folder and temporary folder of the child; a core file ends up here too. */
  readonly folder: string;
  readonly onMessage: (message: ChildMessage) => void;
  /** What the child uses, twice a second, where the system shows it. Read from outside: the child is not disturbed. */
  readonly onUse?: (use: ProcessUse) => void;
}

/** A child needs no secret and gets none: whatever a hostile model makes it do, it has no way to the database. */
function environment(folder: string): NodeJS.ProcessEnv {
  const kept = ["PATH", "LANG", "TZ", "LD_LIBRARY_PATH", "SystemRoot", "NODE_COMPILE_CACHE"] as const;
  const own: NodeJS.ProcessEnv = { NODE_ENV: "production", TMPDIR: folder, TEMP: folder, HOME: folder };
  for (const name of kept) if (process.env[name] !== undefined) own[name] = process.env[name];
  return own;
}

/** Its whole group: a child may have started processes of its own. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, name);
    else child.kill(name);
  } catch {
    // It has ended already.
  }
}

/** Starts a process for one task and watches its time and memory. */
export function startChild({ task, limits, folder, onMessage, onUse }: ChildOptions): RunningChild {
  const heap = Math.max(256, Math.floor(limits.memoryBytes / 2 ** 20));
  const child = fork(program, [], {
    serialization: "advanced",
    cwd: folder,
    detached: process.platform !== "win32",
    env: environment(folder),
    execArgv: [`--max-old-space-size=${heap}`],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let stopped: StopCause | undefined;
  let stderr = "";
  let killer: NodeJS.Timeout | undefined;
  const stop = (cause: StopCause) => {
    if (stopped) return;
    stopped = cause;
    signal(child, "SIGTERM");
    killer = setTimeout(() => signal(child, "SIGKILL"), cause === "memory" ? 0 : graceMs);
  };
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-stderrKept);
  });
  child.on("message", (raw) => {
    const parsed = childMessage.safeParse(raw);
    if (!parsed.success) {
      stderr = `${stderr}\n${parsed.error.issues[0]?.message ?? ""}`.slice(-stderrKept);
      return stop("protocol");
    }
    if (parsed.data.kind === "ready") {
      const start: ParentMessage = { kind: "start", task };
      // A child that has died meanwhile shows in its exit.
      child.send(start, () => {});
    }
    onMessage(parsed.data);
  });
  const clock = setTimeout(() => stop("time"), limits.wallSeconds * 1_000);
  const { pid } = child;
  const { memoryBytes } = limits;
  const onTooMuch = () => stop("memory");
  const endWatch = pid === undefined ? () => {} : watchUse({ pid, memoryBytes, onUse, onTooMuch });
  const exit = new Promise<ChildExit>((resolve) => {
    const end = (code: number | null, name: NodeJS.Signals | null) => {
      clearTimeout(clock);
      clearTimeout(killer);
      endWatch();
      // What it may have started must not outlive it.
      signal(child, "SIGKILL");
      resolve({ code, signal: name, stderr, stopped });
    };
    child.once("error", (error) => {
      stderr += error.message;
      if (pid === undefined) end(null, null);
    });
    // The last message may arrive after the process has gone: the channel tells when it is empty.
    const emptied = new Promise<void>((done) => (child.connected ? child.once("disconnect", done) : done()));
    child.once("close", (code, name) => void emptied.then(() => end(code, name)));
  });
  return { pid: pid ?? 0, exit, stop };
}
