/** A failure that the person at the terminal can do something about. */
export class LaunchError extends Error {
  readonly advice: string;
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LaunchError";
    this.advice = advice;
  }
}

/** Runs one stage of the start and prints one line: what came of it and how long it took. */
export async function stage<T>(name: string, work: () => Promise<{ said: string; value: T }>): Promise<T> {
  const begin = performance.now();
  try {
    const { said, value } = await work();
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    process.stdout.write(`  ${name.padEnd(14)}${said.padEnd(52)} ${seconds.padStart(6)} s\n`);
    return value;
  } catch (error) {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    process.stdout.write(`  ${name.padEnd(14)}${"failed".padEnd(52)} ${seconds.padStart(6)} s\n`);
    throw error;
  }
}

/** Prints what failed and what to do. */
export function explain(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n${message}\n`);
  if (error instanceof LaunchError) process.stderr.write(`What to do: ${error.advice}\n`);
  else if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`);
}
