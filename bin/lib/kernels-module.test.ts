import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { kernelsModule, kernelTexts, modulePath } from "./kernels-module.ts";

it.each(kernelTexts)("the module of %s is made of it", async (text) => {
  const root = resolve(import.meta.dirname, "../..");
  expect(readFileSync(join(root, modulePath(text)), "utf8")).toBe(await kernelsModule(root, text));
});
