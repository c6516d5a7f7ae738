import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./install.ts";
import { LaunchError } from "./stage.ts";

const marker = join(root, ".next", "parsimony-build");
const sources = [
  "{app,components,contracts,engine,server,messages,public,i18n}/**/*",
  "prisma/**/*.prisma",
  "*.{js,ts,mjs}",
  "package.json",
  "package-lock.json",
];

/** Digest of every file that the build reads; tests and generated files left out. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const path of globSync(sources, { cwd: root }).sort()) {
    if (/\.(i?test|spec)\.tsx?$|generated/.test(path)) continue;
    const full = join(root, path);
    if (statSync(full).isFile()) hash.update(path).update(readFileSync(full));
  }
  return hash.digest("hex");
}

function run(what: string, args: string[], env: Record<string, string>): void {
  const done = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
  });
  if (done.status === 0) return;
  const said = `${done.stdout ?? ""}\n${done.stderr ?? ""}`.trim().split("\n").slice(-40).join("\n");
  throw new LaunchError(
    `${what} failed with status ${done.status ?? done.signal}:\n${said}`,
    "if you changed the code, mend what is named above; otherwise remove node_modules and .next and start again.",
  );
}

/**
 * Writes the database client from the schema. The command line wants a native schema engine that it would
 * download; for this task any existing file in its place will do.
 */
export function generateClient(): void {
  const schema = createHash("sha256");
  for (const path of globSync("prisma/**/*.prisma", { cwd: root }).sort())
    schema.update(readFileSync(join(root, path)));
  const stamp = join(root, "prisma", "generated", ".schema");
  const digest = schema.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  run("Generating the database client", ["node_modules/prisma/build/index.js", "generate"], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
  });
  writeFileSync(stamp, digest);
}

/** Fills the cache of compiled modules: a worker that strips types itself keeps the memory which that takes. */
export function compileWorker(): void {
  run("Compiling the worker", ["--input-type=module", "--eval", 'await import("#workers/worker.ts")'], {});
}

/** Production build, made again only where a source changed. */
export async function build(): Promise<{ said: string; value: undefined }> {
  generateClient();
  const digest = fingerprint();
  if (existsSync(marker) && readFileSync(marker, "utf8") === digest)
    return { said: "up to date", value: undefined };
  run("The production build", ["node_modules/next/dist/bin/next", "build"], {
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: "production",
  });
  compileWorker();
  mkdirSync(join(root, ".next"), { recursive: true });
  writeFileSync(marker, digest);
  return { said: "built", value: undefined };
}
