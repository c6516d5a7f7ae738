import { type ChildProcess, fork } from "node:child_process";
import { LaunchError } from "./stage.ts";

export interface ServiceOptions {
  readonly name: string;
  readonly entry: string;
  readonly env: Record<string, string>;
  /** Options of Node. */
  readonly flags?: readonly string[];
  /** Receives the lines that the process prints. */
  readonly onLine: (name: string, line: string) => void;
}

/** Failing this often within a minute means that a restart does not help. */
const crashLimit = 10;
const stopWaitMs = 15_000;

/**
 * A process that is kept running: when it ends without having been asked to, it is started again, a little later
 * each time. The IPC channel tells it when this launcher is gone.
 */
export class Service {
  readonly #options: ServiceOptions;
  #child: ChildProcess | undefined;
  #stopping = false;
  #crashes: number[] = [];

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and resolves when it says `{kind: "ready", …}`. */
  start(): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn();
      const onMessage = (message: unknown) => {
        if (typeof message !== "object" || message === null) return;
        if (!("kind" in message)) return;
        if (message.kind === "ready") {
          child.off("exit", onExit);
          child.on("exit", () => this.#revive());
          resolve(message as Record<string, unknown>);
        }
        if (message.kind === "failed" && "reason" in message) reject(this.#failure(String(message.reason)));
      };
      const onExit = (code: number | null, signal: string | null) =>
        reject(
          new LaunchError(
            `The ${this.#options.name} process ended at its start (${signal ?? code}).`,
            "look at the lines above.",
          ),
        );
      child.on("message", onMessage);
      child.once("exit", onExit);
    });
  }

  #failure(what: string): LaunchError {
    return what === "port"
      ? new LaunchError(
          "The port is taken by another program.",
          "stop that program, or choose a port: PORT=3001 npm start",
        )
      : new LaunchError(
          `The ${this.#options.name} process could not start: ${what}`,
          "look at the lines above.",
        );
  }

  #spawn(): ChildProcess {
    const { entry, env, name, flags = [], onLine } = this.#options;
    const child = fork(entry, [], {
      env: { ...process.env, ...env },
      execArgv: [...flags],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Its own process group: Ctrl-C reaches the launcher alone, which stops its processes in order.
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.trim()) onLine(name, line);
      });
    }
    this.#child = child;
    return child;
  }

  #revive(): void {
    if (this.#stopping) return;
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < 60_000), now];
    if (this.#crashes.length > crashLimit) {
      this.#options.onLine(this.#options.name, `ended ${crashLimit} times within a minute: given up`);
      process.exitCode = 1;
      process.kill(process.pid, "SIGTERM");
      return;
    }
    const wait = Math.min(250 * 2 ** (this.#crashes.length - 1), 8_000);
    this.#options.onLine(this.#options.name, `ended unexpectedly; starting it again in ${wait} ms`);
    setTimeout(() => {
      if (!this.#stopping) this.#spawn().on("exit", () => this.#revive());
    }, wait);
  }

  /** Asks it to end, waits, and ends it by force where it does not. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => child.kill("SIGKILL"), stopWaitMs);
      child.once("exit", () => {
        clearTimeout(force);
        resolve();
      });
      child.kill("SIGTERM");
    });
  }
}
