import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { peakResidentBytes } from "./peak-memory.ts";

it("grows with what a process touches", () => {
  const before = peakResidentBytes();
  const touched = Buffer.alloc(before + 64e6, 1);
  expect(peakResidentBytes()).toBeGreaterThan(before + 32e6);
  expect(touched.length).toBeGreaterThan(0);
});

it("does not begin with what the parent has", () => {
  const kept = Buffer.alloc(400e6, 1);
  const program = `import { peakResidentBytes } from ${JSON.stringify(join(import.meta.dirname, "peak-memory.ts"))};
    process.stdout.write(String(peakResidentBytes()));`;
  const child = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
  });
  expect(Number(child)).toBeGreaterThan(20e6);
  expect(Number(child)).toBeLessThan(300e6);
  expect(kept.length).toBe(400e6);
});
