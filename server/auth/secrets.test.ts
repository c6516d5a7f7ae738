import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { secrets } from "./secrets.ts";

const folder = () => mkdtempSync(join(tmpdir(), "parsimony-secrets-"));

it("draws secrets once and keeps them for their owner only", () => {
  const home = folder();
  const first = secrets(home);
  expect(secrets(home)).toEqual(first);
  expect(statSync(join(home, "secrets.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(home)).toEqual(["secrets.json"]);
});

it("draws other secrets for another installation", () => {
  const [one, two] = [secrets(folder()), secrets(folder())];
  expect(one.auth).not.toBe(two.auth);
  expect(one.database).not.toBe(two.database);
  expect(one.auth.length).toBeGreaterThanOrEqual(48);
});
