import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { LaunchError } from "./stage.ts";

export const root = resolve(import.meta.dirname, "../..");
const marker = join(root, "node_modules", ".parsimony-install");

/** Digest of what decides about the installed packages. */
function wanted(): string {
  const hash = createHash("sha256");
  for (const name of ["package.json", "package-lock.json", ".npmrc"]) {
    const path = join(root, name);
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

/**
 * Installs the locked packages where they are missing or changed. `npm install` rather than `npm ci`: registries
 * that lack packages of foreign platforms leave them out of the lock, which `npm ci` refuses.
 */
export async function install(): Promise<{ said: string; value: undefined }> {
  const digest = wanted();
  if (existsSync(marker) && readFileSync(marker, "utf8") === digest) {
    return { said: "up to date", value: undefined };
  }
  const done = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip", CHECKPOINT_DISABLE: "1" },
  });
  if (done.status !== 0) {
    const said = `${done.stderr ?? ""}`.trim().split("\n").slice(-6).join("\n");
    throw new LaunchError(
      `npm install ended with status ${done.status}:\n${said || done.error?.message}`,
      "check the connection to the npm registry and the free disk space (about 2 GB are needed), then start again.",
    );
  }
  writeFileSync(marker, digest);
  return { said: "installed", value: undefined };
}
