import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "parsimony-boundaries-"));

/** One file for each rule that breaks it, and the file that it reaches for. */
const planted: Record<string, [path: string, text: string]> = {
  "engine-stands-alone": ["engine/passes/bad.ts", 'import { a } from "#server/env.ts"; export const b = a;'],
  "engine-is-pure": [
    "engine/graph/bad.ts",
    'import { readFileSync } from "node:fs"; export const b = readFileSync;',
  ],
  "native-only-in-runtime": [
    "workers/bad.ts",
    'import * as ort from "onnxruntime-node"; export const b = ort;',
  ],
  "engine-runtime-not-in-server": [
    "server/modules/run/service.ts",
    'import { a } from "#engine/runtime/x.ts"; export const b = a;',
  ],
  "contracts-are-isomorphic": [
    "contracts/bad.ts",
    'import { a } from "#engine/graph/x.ts"; export const b = a;',
  ],
  "prisma-only-in-repos": [
    "server/modules/run/bad.ts",
    'import { a } from "#prisma/generated/client.ts"; export const b = a;',
  ],
  "workers-not-in-web": ["workers/worse.ts", 'import { a } from "#server/trpc/root.ts"; export const b = a;'],
  "components-see-contracts": [
    "components/bad.tsx",
    'import { a } from "#server/env.ts"; export const b = a;',
  ],
  "app-through-doors": ["app/bad.ts", 'import { a } from "#server/db/client.ts"; export const b = a;'],
  "modules-through-services": [
    "server/modules/note/service.ts",
    'import { a } from "#server/modules/run/repo.ts"; export const b = a;',
  ],
  "repos-from-services": [
    "server/trpc/bad.ts",
    'import { a } from "#server/modules/run/repo.ts"; export const b = a;',
  ],
  "no-cycles": ["server/lib/one.ts", 'import { a } from "#server/lib/two.ts"; export const b = a;'],
};
const reached = [
  "server/env.ts",
  "engine/runtime/x.ts",
  "engine/graph/x.ts",
  "prisma/generated/client.ts",
  "server/trpc/root.ts",
].concat(["server/db/client.ts", "server/modules/run/repo.ts"]);

beforeAll(() => {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const name of [".dependency-cruiser.cjs", "tsconfig.json", "package.json"])
    cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const path of reached) write(path, "export const a = 1;");
  write("server/lib/two.ts", 'import { b } from "#server/lib/one.ts"; export const a = b;');
  for (const [path, text] of Object.values(planted)) write(path, text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("finds a planted violation of every rule", async () => {
  const command = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const args = [command, "--config", ".dependency-cruiser.cjs", "--output-type", "json", "."];
  const output = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 }).catch(
    (error: { stdout: string }) => error,
  );
  const { summary } = JSON.parse(output.stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  const found = summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`);
  for (const [rule, [path]] of Object.entries(planted)) expect(found).toContain(`${rule} ${path}`);
});

it("plants a violation for each rule that the configuration has", async () => {
  const { default: config } = (await import(join(root, ".dependency-cruiser.cjs"))) as {
    default: { forbidden: { name: string }[] };
  };
  expect(config.forbidden.map((rule) => rule.name).sort()).toEqual(Object.keys(planted).sort());
});
