const codes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  // PostgreSQL: shutting down, crashed, starting up, too many connections, connection faults.
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08000",
  "08003",
  "08006",
  // Prisma: not reachable, closed, no connection free, transaction lost.
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
]);

/** Prisma tells the code of PostgreSQL in its message only. */
const texts =
  /Connection terminated|Connection ended|terminating connection|timeout exceeded when trying to connect|starting up|shutting down|server closed the connection|connection error|not queryable|Can't reach database|Client was closed|Cannot use a pool after|ECONN|Server has closed|recovery mode|accepting connections|Code: .(57P0[123]|53300|0800[036])/i;

/** True where the database could not be asked, as opposed to having refused what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ("code" in cause && typeof cause.code === "string" && codes.has(cause.code)) return true;
    if (texts.test(cause.message)) return true;
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseAway)) return true;
  }
  return false;
}

const firstDelayMs = 200;
const longestDelayMs = 5_000;

/**
 * Does `work` until the database has answered, however long that takes; an answer that is an error is thrown.
 *
 * @param signal ends the waiting, with its reason
 */
export async function untilAnswered<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let delay = firstDelayMs; ; delay = Math.min(longestDelayMs, delay * 2)) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
    await pause(delay, signal);
  }
}

/** Waits; an abort ends it early without an error. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
