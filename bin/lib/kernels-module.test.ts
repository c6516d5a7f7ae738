import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { kernelsModule } from "./kernels-module.ts";

it("the engine's kernels are made of their text", async () => {
  const root = resolve(import.meta.dirname, "../..");
  expect(readFileSync(join(root, "engine/kernels/kernels.wasm.ts"), "utf8")).toBe(await kernelsModule(root));
});
