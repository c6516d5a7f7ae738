import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { literalTexts } from "./literal-text.ts";

const root = join(import.meta.dirname, "..");

it("finds text in markup", () => {
  const source = `const A = () => <div title="Hello there">Some words <b>{"more words"}</b><i alt={\`very \${x}\`} /></div>;`;
  expect(literalTexts("a.tsx", source)).toEqual([
    "a.tsx:1 Hello there",
    "a.tsx:1 Some words",
    "a.tsx:1 more words",
    "a.tsx:1 very",
  ]);
});

it("finds none in this project", () => {
  const files = globSync("{app,components}/**/*.tsx", { cwd: root });
  expect(files.length).toBeGreaterThan(50);
  const found = files
    .filter((path) => !path.endsWith(".test.tsx"))
    .flatMap((path) => literalTexts(path, readFileSync(join(root, path), "utf8")));
  expect(found).toEqual([]);
});
