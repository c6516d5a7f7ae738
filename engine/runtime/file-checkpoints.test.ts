import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FileCheckpoints } from "./file-checkpoints.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "checkpoints-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const parts = [Uint8Array.of(1, 2), Uint8Array.of(3)];
const at = (more: Partial<ConstructorParameters<typeof FileCheckpoints>[0]> = {}) =>
  new FileCheckpoints({ path: join(root, "run", "0.checkpoint"), identity: "a", everySeconds: 60, ...more });

it("keeps the latest one with its note, whole, for the same training alone", async () => {
  expect(await at().load()).toBeUndefined();
  await at({ note: () => ({ points: 1 }) }).save([Uint8Array.of(9)]);
  await at({ note: () => ({ points: 2 }) }).save(parts);
  const notes: unknown[] = [];
  expect(await at({ onNote: (note) => notes.push(note) }).load()).toEqual(Uint8Array.of(1, 2, 3));
  expect(notes).toEqual([{ points: 2 }]);
  expect(await at({ identity: "b" }).load()).toBeUndefined();
  expect(readdirSync(join(root, "run"))).toEqual(["0.checkpoint"]);
});

it("takes none that cannot be read, or whose note is refused", async () => {
  await at().save(parts);
  const path = join(root, "run", "0.checkpoint");
  const refused = () => {
    throw new Error("another version");
  };
  expect(await at({ onNote: refused }).load()).toBeUndefined();
  writeFileSync(path, readFileSync(path).subarray(0, 9));
  expect(await at().load()).toBeUndefined();
  writeFileSync(path, "");
  expect(await at().load()).toBeUndefined();
});

it("is due when its time has come, and not again at once", async () => {
  expect(at().isDue()).toBe(false);
  const eager = at({ everySeconds: 0.05 });
  await expect.poll(() => eager.isDue(), { timeout: 2_000 }).toBe(true);
  await eager.save(parts);
  expect(eager.isDue()).toBe(false);
});

it("says so once where it cannot be written, and is never due again", async () => {
  writeFileSync(join(root, "run"), "a file where the folder should be");
  const faults: unknown[] = [];
  const checkpoints = at({ everySeconds: 0, onFault: (error) => faults.push(error) });
  expect(checkpoints.isDue()).toBe(true);
  await checkpoints.save(parts);
  expect(faults).toHaveLength(1);
  expect(checkpoints.isDue()).toBe(false);
});
