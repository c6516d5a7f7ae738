import { createConnection, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * One measurement at a time on a host. The lock is a listening socket with a fixed name: the operating system
 * lets one process hold it and frees it when that process ends in any way, so there is nothing stale to clean up,
 * unlike a lock file. Linux: an abstract Unix socket; Windows: a named pipe; elsewhere a TCP port of the loopback
 * interface. A waiter stays connected to the holder and tries again the moment the connection ends, so waiting
 * costs the measurement nothing.
 *
 * Limits: containers with a network namespace of their own do not see each other's lock; run one measuring worker
 * per host there.
 */
export interface MeasurementLock extends AsyncDisposable {
  readonly release: () => Promise<void>;
}

export interface LockHolder {
  readonly pid: number;
  /** What the holder said about itself, for example the name of a run. */
  readonly label: string;
  /** ISO 8601, when it got the lock. */
  readonly since: string;
}

export interface LockOptions {
  /** Shown to those who wait. */
  readonly label: string;
  readonly signal?: AbortSignal;
  /** Called when waiting begins and whenever the holder changes; undefined where the holder does not say. */
  readonly onWait?: (holder: LockHolder | undefined) => void;
  /** Another name is another lock; for tests. */
  readonly name?: string | undefined;
}

/** Private port range; only used where neither abstract sockets nor pipes exist. */
const basePort = 52_870;
const longestLabel = 200;

/**
 * Waits for the lock and takes it.
 *
 * @throws the signal's reason where aborted while waiting
 */
export async function acquireMeasurementLock(options: LockOptions): Promise<MeasurementLock> {
  const { signal, onWait, name = "measure" } = options;
  const address = addressOf(name);
  for (;;) {
    signal?.throwIfAborted();
    const server = await listen(address, options.label.slice(0, longestLabel));
    if (server !== undefined) return held(server);
    await waitForRelease(address, signal, onWait);
  }
}

function addressOf(name: string): { path: string } | { port: number; host: string } {
  const full = `parsimony-lock-${name}`;
  if (process.platform === "linux") return { path: `\0${full}` };
  if (process.platform === "win32") return { path: `\\\\.\\pipe\\${full}` };
  const hash = [...name].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1000, 0);
  return { port: basePort + hash, host: "127.0.0.1" };
}

const waiters = new WeakMap<Server, Set<Socket>>();

/** The listening server, or undefined where another process (or this one) holds the name. */
function listen(address: ReturnType<typeof addressOf>, label: string): Promise<Server | undefined> {
  const holder: LockHolder = { pid: process.pid, label, since: new Date().toISOString() };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A waiter that dies resets the connection, which is no concern of the holder.
    socket.on("error", () => socket.destroy());
    socket.resume();
    socket.write(`${JSON.stringify(holder)}\n`);
  });
  waiters.set(server, sockets);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen({ ...address, exclusive: true }, () => {
      // The lock must not keep a process alive that has nothing else to do.
      server.unref();
      resolve(server);
    });
  });
}

function held(server: Server): MeasurementLock {
  let released: Promise<void> | undefined;
  const release = () => {
    released ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of waiters.get(server) ?? []) socket.destroy();
    });
    return released;
  };
  return { release, [Symbol.asyncDispose]: release };
}

/** Resolves when the holder lets go, which ends the connection to it. */
async function waitForRelease(
  address: ReturnType<typeof addressOf>,
  signal: AbortSignal | undefined,
  onWait: LockOptions["onWait"],
): Promise<void> {
  const connected = await new Promise<boolean>((resolve) => {
    let reached = false;
    let text = "";
    const socket = createConnection(address);
    const abort = () => socket.destroy();
    signal?.addEventListener("abort", abort, { once: true });
    socket.setEncoding("utf8");
    socket.on("connect", () => {
      reached = true;
    });
    socket.on("data", (chunk) => {
      if (text.includes("\n")) return;
      text = (text + String(chunk)).slice(0, 4096);
      if (text.includes("\n")) onWait?.(parseHolder(text));
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      signal?.removeEventListener("abort", abort);
      resolve(reached);
    });
  });
  // The holder vanished between the two calls, or a foreign program refuses us: do not spin.
  if (!connected) await sleep(50, undefined, { signal });
}

function parseHolder(line: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!(value instanceof Object) || !("pid" in value && "label" in value && "since" in value))
      return undefined;
    return { pid: Number(value.pid), label: String(value.label), since: String(value.since) };
  } catch {
    return undefined;
  }
}
