import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeForgotten } from "./task.ts";

it("removes folders of tasks that no worker can be at any more, and nothing else", async () => {
  const root = mkdtempSync(join(tmpdir(), "parsimony-work-"));
  for (const name of ["task-a", "kept"]) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, "output.onnx"), "x");
  }
  expect(await removeForgotten(root)).toBe(0);
  expect(existsSync(join(root, "task-a"))).toBe(true);
  expect(await removeForgotten(root, Date.now() + 25 * 3_600_000)).toBe(1);
  expect(existsSync(join(root, "task-a"))).toBe(false);
  expect(existsSync(join(root, "kept"))).toBe(true);
  expect(await removeForgotten(join(root, "absent"))).toBe(0);
  rmSync(root, { recursive: true });
});
