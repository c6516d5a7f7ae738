import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { modelsFolder } from "./models.ts";

it("refuses an unknown model in one line and writes nothing", () => {
  const before = readFileSync(resolve(modelsFolder, "models.json"));
  const script = resolve(import.meta.dirname, "train.ts");
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, "--only", "faces"], {
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stderr.trim()).toBe('--only takes one of glyphs, topics, ratings, not "faces"');
  expect(stdout).toBe("");
  expect(readFileSync(resolve(modelsFolder, "models.json"))).toEqual(before);
});
