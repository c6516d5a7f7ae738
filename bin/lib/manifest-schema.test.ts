import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { manifestSchemaPath, manifestSchemaText } from "./manifest-schema.ts";

it("the JSON Schema beside the guide is made of the manifest's", () => {
  const path = resolve(import.meta.dirname, "../..", manifestSchemaPath);
  expect(readFileSync(path, "utf8")).toBe(manifestSchemaText());
});
