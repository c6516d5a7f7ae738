import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBrowser } from "../lib/browser.ts";
import { build, generateClient } from "../lib/build.ts";
import { install, root } from "../lib/install.ts";
import { explain, stage } from "../lib/stage.ts";
import { add, type Counts, none, playwrightCounts, vitestCounts } from "../lib/test-counts.ts";

/**
 * `npm test`: everything, on a machine that has nothing but Node and npm. `npm test -- unit` runs one part:
 * check (format, lint, types, import boundaries), unit, integration or browser.
 */
const parts = ["check", "unit", "integration", "browser"] as const;
const asked = process.argv.slice(2);
const wanted = (part: (typeof parts)[number]) => asked.length === 0 || asked.includes(part);
const reports = join(root, ".cache", "reports");
let total: Counts = none;
const failed: string[] = [];

interface RunOptions {
  readonly env?: Record<string, string>;
  /** Printed whole at the end, where something else is printing meanwhile. */
  readonly isAside?: boolean;
}

function run(args: string[], { env = {}, isAside = false }: RunOptions = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: isAside ? ["ignore", "pipe", "pipe"] : "inherit",
      env: { ...process.env, ...env },
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => said.push(chunk));
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}

async function check(name: string, args: string[]): Promise<void> {
  const begin = performance.now();
  const status = await run(args);
  process.stdout.write(
    `  ${status === 0 ? "passed" : "FAILED"}  ${name} (${((performance.now() - begin) / 1000).toFixed(1)} s)\n`,
  );
  total = add(total, { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 });
  if (status !== 0) failed.push(name);
}

function count(name: string, report: string, read: (json: unknown) => Counts, status: number): void {
  const counts = existsSync(report) ? read(JSON.parse(readFileSync(report, "utf8"))) : none;
  // A runner that ends badly without a failed test (a crash, no test found) is a failure all the same.
  const honest = status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  total = add(total, honest);
  if (honest.failed > 0) failed.push(name);
}

async function vitest(project: string, isAside = false): Promise<void> {
  const report = join(reports, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", project, ...reporters];
  const status = await run(args, { isAside });
  count(project, report, vitestCounts, status);
}

try {
  await stage("dependencies", install);
  generateClient();
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  if (wanted("check")) {
    await check("format and lint", [
      "node_modules/@biomejs/biome/bin/biome",
      "ci",
      "--error-on-warnings",
      ".",
    ]);
    await check("types", ["node_modules/ts7/bin/tsc", "--noEmit", "--incremental", "false", "-p", "."]);
    const rooms = ["app", "bin", "components", "contracts", "e2e", "engine", "prisma", "server", "workers"];
    await check("import boundaries", [
      "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs",
      ...["--config", ".dependency-cruiser.cjs", ...rooms.filter((room) => existsSync(join(root, room)))],
    ]);
  }
  // Integration tests wait most of the time: for a database that stops, for a process that is missed.
  const isTogether = wanted("unit") && wanted("integration");
  const aside = wanted("unit") ? vitest("unit", isTogether) : undefined;
  if (wanted("integration")) await vitest("integration");
  await aside;
  if (wanted("browser")) {
    const browser = await stage("browser", ensureBrowser);
    await stage("build", build);
    const report = join(reports, "browser.json");
    const status = await run(["node_modules/@playwright/test/cli.js", "test"], {
      env: { PARSIMONY_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    });
    count("browser", report, playwrightCounts, status);
  }
} catch (error) {
  explain(error);
  total = add(total, { passed: 0, failed: 1, skipped: 0 });
}
if (failed.length > 0) process.stdout.write(`\nfailed: ${failed.join(", ")}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);
