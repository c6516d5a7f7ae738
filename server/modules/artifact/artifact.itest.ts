import { createHash, randomBytes } from "node:crypto";
import { utimesSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import type { OrganisationScope } from "#contracts/scope.ts";
import { organisationScope } from "#server/auth/gate.ts";
import { artifactStore } from "#server/storage/current.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { streamOf, testStore } from "#server/testing/store.ts";
import { uploaded } from "#server/testing/uploads.ts";
import { collect, registerStaged, registerStored, sweepUnowned } from "./service.ts";

const database = testDatabase();
const store = testStore();
const limit = 1 << 20;
let orgs: { org: TestOrganisation; owner: Person; scope: OrganisationScope }[];

beforeAll(async () => {
  orgs = [];
  for (const name of ["One", "Two", "Three"]) {
    const org = await organisation(database, name);
    const owner = await person(database, org, "owner");
    const scope = await organisationScope(database.db, owner.session, org.slug, "upload.create");
    orgs.push({ org, owner, scope });
  }
});

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

it("never loses a file that a row names, while organisations put and remove equal bytes at once", async () => {
  const contents = [randomBytes(2000), randomBytes(2000)];
  const missing: string[] = [];
  const busy = async ({ org, owner }: (typeof orgs)[number], turn: number) => {
    for (let round = 0; round < 12; round++) {
      const content = contents[(round + turn) % 2]!;
      const { uploadId } = await uploaded(owner.session, org, content);
      // From here on this organisation has a row, whatever the others do.
      if (!(await artifactStore().has(sha256(content)))) missing.push(`${org.slug} round ${round}`);
      await owner.api.upload.dismiss({ org: org.slug, id: uploadId });
    }
  };
  await Promise.all(orgs.map((one, turn) => busy(one, turn)));
  expect(missing).toEqual([]);
  expect(store.files()).toEqual([]);
  expect(await database.db.artifact.count()).toBe(0);
});

it("leaves neither row nor file when what belongs to it fails", async () => {
  const content = randomBytes(100);
  const staged = await artifactStore().receive(streamOf(content), { limit });
  const failing = registerStaged(database.db, orgs[0]!.scope, staged, async () => {
    throw new Error("rolled back");
  });
  await expect(failing).rejects.toThrow("rolled back");
  expect(store.files()).toEqual([]);
  expect(await database.db.artifact.count()).toBe(0);
});

it("keeps the file of another organisation when a registration of equal bytes fails", async () => {
  const content = randomBytes(100);
  const { org, owner } = orgs[0]!;
  const { uploadId } = await uploaded(owner.session, org, content);
  const staged = await artifactStore().receive(streamOf(content), { limit });
  await expect(
    registerStaged(database.db, orgs[1]!.scope, staged, async () => {
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");
  expect(store.files()).toEqual([sha256(content)]);
  await owner.api.upload.dismiss({ org: org.slug, id: uploadId });
});

it("refuses to register a stored file that was removed since, rather than name nothing", async () => {
  const { scope } = orgs[0]!;
  const file = await artifactStore().put(streamOf(randomBytes(100)), { limit });
  await collect(database.db, [file.sha256]);
  expect(await artifactStore().has(file.sha256)).toBe(false);
  await expect(database.db.$transaction((tx) => registerStored(tx, scope, file))).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await database.db.artifact.count()).toBe(0);
});

it("sweeps files without an owner once they are old, and no others", async () => {
  const { org, owner, scope } = orgs[0]!;
  const owned = await uploaded(owner.session, org, randomBytes(100));
  const old = await artifactStore().put(streamOf(randomBytes(100)), { limit });
  const fresh = await artifactStore().put(streamOf(randomBytes(100)), { limit });
  const yesterday = new Date(Date.now() - 86_400_000);
  for (const hash of [owned.sha256, old.sha256]) {
    const path = await artifactStore().path(hash);
    utimesSync(path, yesterday, yesterday);
  }
  expect(await sweepUnowned(database.db, 3_600_000)).toBe(1);
  expect(store.files().sort()).toEqual([owned.sha256, fresh.sha256].sort());
  // The young one can still get its row.
  await database.db.$transaction((tx) => registerStored(tx, scope, fresh));
  expect(await sweepUnowned(database.db, -1)).toBe(0);
});
