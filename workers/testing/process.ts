import { type ChildProcess, fork } from "node:child_process";
import { basename, join } from "node:path";
import { workerFlags } from "#bin/lib/system.ts";
import { waitFor } from "./wait.ts";

const program = join(import.meta.dirname, "..", "main.ts");

/** A worker in a process of its own, as the supervisor starts it. */
export interface WorkerProcess {
  readonly process: ChildProcess;
  readonly id: string;
  /** What it has written so far. */
  said(): string;
  /** Ends it as the supervisor does, and returns its exit status. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function startWorkerProcess(options: {
  url: string;
  home: string;
  slots?: number;
  runMemoryMib?: number;
  runSeconds?: number;
  checkpointSeconds?: number;
}): Promise<WorkerProcess> {
  const worker = fork(program, [], {
    env: {
      ...process.env,
      NODE_ENV: "test",
      DATABASE_URL: options.url,
      PARSIMONY_HOME: options.home,
      PARSIMONY_WORKER_SLOTS: String(options.slots ?? 2),
      // Test files run side by side, and none reads the figures.
      PARSIMONY_MEASURE_LOCK: basename(options.home),
      // Empty is not set.
      PARSIMONY_RUN_MEMORY_MIB: String(options.runMemoryMib ?? ""),
      PARSIMONY_RUN_SECONDS: String(options.runSeconds ?? ""),
      PARSIMONY_CHECKPOINT_SECONDS: String(options.checkpointSeconds ?? ""),
    },
    execArgv: workerFlags,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [worker.stdout, worker.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-40_000);
    });
  }
  let id: string | undefined;
  worker.on("message", (message: { kind?: string; workerId?: string }) => {
    if (message.kind === "ready") id = message.workerId;
  });
  const exited = new Promise<number | null>((resolve) => worker.once("exit", (code) => resolve(code)));
  const ready = await waitFor(
    "the worker to be ready",
    async () => id,
    40,
    () => output,
  );
  return {
    process: worker,
    id: ready,
    said: () => output,
    end: (signal = "SIGTERM") => {
      worker.kill(signal);
      return exited;
    },
  };
}

/** Processes that the given one has started. */
export async function childrenOf(pid: number): Promise<number[]> {
  const { readFileSync, readdirSync } = await import("node:fs");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readFileSync(`/proc/${name}/stat`, "utf8")
            .replace(/^.*\) /s, "")
            .split(" ")[1] === String(pid)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}
