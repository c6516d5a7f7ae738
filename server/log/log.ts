/** One JSON line an event: what a log collector takes, and what a person can grep by `id`. */
type Level = "info" | "warn" | "error";

function write(level: Level, message: string, fields: Record<string, unknown>): void {
  const line = JSON.stringify({ at: new Date().toISOString(), level, message, ...fields });
  (level === "error" ? process.stderr : process.stdout).write(`${line}\n`);
}

export const log = {
  info: (message: string, fields: Record<string, unknown> = {}) => write("info", message, fields),
  warn: (message: string, fields: Record<string, unknown> = {}) => write("warn", message, fields),
  /** `error` is written with its stack and cause; never show these to a person. */
  error: (message: string, error: unknown, fields: Record<string, unknown> = {}) =>
    write("error", message, {
      ...fields,
      error:
        error instanceof Error
          ? { name: error.name, message: error.message, stack: error.stack, cause: String(error.cause ?? "") }
          : String(error),
    }),
};
