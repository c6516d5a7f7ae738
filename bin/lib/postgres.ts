import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Account, accountForServer, openedFolder, reachableBinaries } from "./postgres-place.ts";
import { LaunchError } from "./stage.ts";

export interface PostgresOptions {
  /** Folder of the cluster; made where it is absent. */
  readonly dataDir: string;
  readonly password: string;
  /** Fixed port, or a free one. */
  readonly port?: number;
  /** Extra settings, for example `fsync=off` for databases that are thrown away. */
  readonly settings?: readonly string[];
  readonly onLog?: (line: string) => void;
}

export interface RunningPostgres {
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<number | null>;
  url(database: string): string;
  stop(): Promise<void>;
}

/** A port of the loopback interface that is free now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

function initialise(bin: string, dataDir: string, password: string, account: Account): void {
  const passwordFile = join(dataDir, "..", `.initial-${process.pid}`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  try {
    const done = spawnSync(
      join(bin, "initdb"),
      [
        `--pgdata=${dataDir}`,
        "--username=parsimony",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
      ].concat([
        "--encoding=UTF8",
        // The same order of text on every machine, whatever its locales.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-sync",
      ]),
      { encoding: "utf8", ...account },
    );
    if (done.status !== 0) {
      rmSync(dataDir, { recursive: true, force: true });
      throw new LaunchError(
        `PostgreSQL could not make its data folder ${dataDir}:\n${(done.stderr ?? done.error?.message ?? "").trim()}`,
        "set PARSIMONY_HOME to a folder on a disk with free space that other users may enter, or set DATABASE_URL.",
      );
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Ends a server that an earlier, killed launcher left behind on this very data folder. */
async function endOrphan(dataDir: string): Promise<void> {
  const file = join(dataDir, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  const alive = () => {
    try {
      process.kill(pid, 0);
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("postgres");
    } catch {
      return false;
    }
  };
  if (!(pid > 1) || !alive()) return;
  process.kill(pid, "SIGINT");
  for (const deadline = Date.now() + 10_000; alive() && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function waitUntilReady(server: ChildProcess, tail: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.stderr?.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("ready to accept connections")) resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) =>
      reject(
        new LaunchError(
          `PostgreSQL ended at its start (status ${code}):\n${tail.join("\n")}`,
          "look at the lines above; a port in use or a full disk are the usual reasons.",
        ),
      ),
    );
  });
}

/**
 * Starts the PostgreSQL server that comes with the npm packages, on the loopback interface only.
 * As root it runs under an account without privileges, because PostgreSQL refuses to run as root.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const account = accountForServer();
  const bin = reachableBinaries(account);
  const dataDir = openedFolder(options.dataDir, account);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (account) chownSync(dataDir, account.uid, account.gid);
  if (!existsSync(join(dataDir, "PG_VERSION"))) initialise(bin, dataDir, options.password, account);
  await endOrphan(dataDir);

  const port = options.port ?? (await freePort());
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    `port=${port}`,
    "max_connections=120",
  ];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", dataDir, ...[...settings, ...(options.settings ?? [])].flatMap((setting) => ["-c", setting])],
    // Its own process group: Ctrl-C reaches the launcher alone, which stops the database last.
    { stdio: ["ignore", "ignore", "pipe"], detached: true, ...account },
  );
  const tail: string[] = [];
  server.stderr.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString().split("\n").filter(Boolean)) {
      tail.push(line);
      if (tail.length > 20) tail.shift();
      options.onLog?.(line);
    }
  });
  const ended = new Promise<number | null>((resolve) => server.once("exit", (code) => resolve(code)));
  await waitUntilReady(server, tail);
  return {
    port,
    pid: server.pid!,
    ended,
    url: (database) =>
      `postgresql://parsimony:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      // SIGINT is PostgreSQL's fast shutdown: sessions are ended, data is flushed.
      server.kill("SIGINT");
      await ended;
    },
  };
}
