import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const model = join(import.meta.dirname, "../../prisma/seed/content/models/glyphs.onnx");

it("leaves no report, identifier or log behind when a model is executed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parsimony-quiet-"));
  try {
    const task = JSON.stringify({ modelPath: model, queries: 1, seed: 1, bounds: [] });
    const program = join(import.meta.dirname, "memory-probe.ts");
    // As on a person's machine: the library keeps quiet by itself on those that build software.
    const {
      CI: _ci,
      TF_BUILD: _build,
      GITHUB_ACTIONS: _actions,
      ORT_DISABLE_TELEMETRY: _given,
      ...rest
    } = process.env;
    const env = { ...rest, HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: folder };
    const { stdout } = await promisify(execFile)(process.execPath, [program, task], { env, cwd: folder });
    expect(JSON.parse(stdout).peakBytes).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
