import { createInterface } from "node:readline";

/**
 * The loop of a process whose training steps are timed: each line of the standard input is a number of steps, each answer
 * their milliseconds as JSON. Between lines it does nothing, so that others can be timed.
 *
 * @param step one step; its result is what it has to wait for
 */
export async function serveSteps(step: () => Promise<unknown>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const times: number[] = [];
    for (let at = 0; at < Number(line); at++) {
      const started = performance.now();
      await step();
      times.push(performance.now() - started);
    }
    process.stdout.write(`${JSON.stringify(times)}\n`);
  }
}
