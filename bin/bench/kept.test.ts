import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { kept } from "./kept.ts";

const folder = mkdtempSync(join(tmpdir(), "parsimony-kept-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const schema = z.strictObject({ value: z.number() });

it("works a result out once for the same settings", async () => {
  let calls = 0;
  const get = (settings: object) =>
    kept(folder, "part-1", settings, schema, async () => ({ value: ++calls }));
  expect(await get({ epochs: 2 })).toEqual({ result: { value: 1 }, isNew: true });
  expect(await get({ epochs: 2 })).toEqual({ result: { value: 1 }, isNew: false });
  expect(await get({ epochs: 3 })).toEqual({ result: { value: 2 }, isNew: true });
  expect(readdirSync(folder)).toHaveLength(2);
});

it("keeps nothing of what failed", async () => {
  const fail = kept(folder, "part-2", {}, schema, async () => {
    throw new Error("no power");
  });
  await expect(fail).rejects.toThrow("no power");
  expect(readdirSync(folder).filter((name) => name.startsWith("part-2"))).toEqual([]);
});
