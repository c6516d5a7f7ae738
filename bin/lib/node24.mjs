// Plain JavaScript for Node 20: finds a Node that runs TypeScript directly and continues there.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const pointer = join(root, ".cache", "node24-path");
const wanted = 24;
/** Where Node keeps compiled modules, those too that it had to strip of types: half the time of a start. */
const compileCache = join(root, ".cache", "compiled");

/** True where this process already runs a Node that executes TypeScript and today's libraries. */
export function isModern() {
  return Number(process.versions.node.split(".")[0]) >= wanted;
}

/** Path of a Node 24: the one found before, or the `node` package of the npm registry, fetched once. */
function findNode() {
  if (existsSync(pointer)) {
    const path = readFileSync(pointer, "utf8").trim();
    if (existsSync(path)) return path;
  }
  process.stderr.write(
    `Node ${process.versions.node} is older than ${wanted}: fetching a newer one with npx\n`,
  );
  const found = spawnSync("npx", ["-y", "-p", `node@${wanted}`, "node", "-p", "process.execPath"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  const path = found.stdout?.trim().split("\n").pop() ?? "";
  if (found.status !== 0 || !existsSync(path)) {
    process.stderr.write(
      `Could not fetch Node ${wanted} (npx said: ${found.stderr?.trim().split("\n").pop() ?? found.error?.message}).\n` +
        `What to do: install Node ${wanted} or newer by hand, or check the connection to the npm registry, and try again.\n`,
    );
    process.exit(2);
  }
  mkdirSync(dirname(pointer), { recursive: true });
  writeFileSync(pointer, path);
  return path;
}

/**
 * Runs `entry` with `args` under a modern Node and ends this process with its status.
 * Where the present Node is modern it is imported in place.
 * @param {string} entry absolute path of a TypeScript or JavaScript module
 * @param {string[]} args
 */
export async function ensureNode(entry, args) {
  // Inherited by every process that is started from here.
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  if (isModern()) {
    module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
    process.argv = [process.execPath, entry, ...args];
    await import(entry);
    return;
  }
  const node = findNode();
  const child = spawn(node, [entry, ...args], {
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: `${dirname(node)}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}`,
    },
  });
  // The terminal sends Ctrl-C to the whole group; a supervisor that signals only us is passed on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`Could not run ${node}: ${error.message}\n`);
    process.exit(2);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
