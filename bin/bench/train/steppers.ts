import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** A library whose steps are timed in a process of its own, which waits between its turns. */
export interface Stepper extends Disposable {
  readonly name: string;
  /** Milliseconds of some steps; undefined where the process has ended. */
  steps(count: number): Promise<number[] | undefined>;
  /** The last line that it complained with. */
  readonly complaint: () => string;
}

export function nodeStepper(name: string, program: string, args: readonly string[]): Stepper {
  return stepper(name, process.execPath, [join(import.meta.dirname, program), ...args]);
}

export function stepper(name: string, command: string, args: readonly string[]): Stepper {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(command, [...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  let said = "";
  child.stderr.on("data", (data: Buffer) => {
    said = `${said}${data}`.slice(-4_000);
  });
  child.on("error", (error) => {
    said = error.message;
  });
  // A process that has ended takes no more lines.
  child.stdin.on("error", () => {});
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  return {
    name,
    complaint: () => /^\s*\w*Error: .*$/m.exec(said)?.[0]?.trim() ?? said.trim().split("\n").at(-1) ?? "",
    steps: async (count) => {
      child.stdin.write(`${count}\n`);
      const { value, done } = await answers.next();
      return done ? undefined : (JSON.parse(value) as number[]);
    },
    [Symbol.dispose]: () => {
      child.stdin.end();
      child.kill();
    },
  };
}
