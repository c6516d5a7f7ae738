import { randomBytes } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import type { UploadRow } from "#contracts/upload.ts";
import { workerScope } from "#server/auth/gate.ts";
import { revokeSessions } from "#server/auth/session.ts";
import { rejectModelVersion } from "#server/modules/model/inspection.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { testStore } from "#server/testing/store.ts";
import { uploaded } from "#server/testing/uploads.ts";
import { maintainStorage, sweepUploads } from "./maintenance.ts";

const database = testDatabase();
const store = testStore();
const hourMs = 3_600_000;
let org: TestOrganisation;
let researcher: Person;
let at: { org: string; project: string };

beforeEach(async () => {
  org = await organisation(database);
  researcher = await person(database, org, "researcher");
  at = { org: org.slug, project: org.projectSlug };
});

it("tells an open page of every registration, until the session is revoked", async () => {
  const viewer = await person(database, org, "viewer");
  const { uploadId } = await uploaded(researcher.session, org, randomBytes(10));
  const stream = await viewer.api.upload.watch(at);
  const messages = stream[Symbol.asyncIterator]();
  const next = async (): Promise<UploadRow[]> => (await messages.next()).value ?? [];
  expect(await next()).toMatchObject([{ id: uploadId, state: "received" }]);
  const made = await researcher.api.model.register({ ...at, uploadId, name: "Net" });
  expect(await next()).toMatchObject([{ id: uploadId, state: "checking" }]);
  const problem = { code: "not-a-model", message: "This is not an ONNX model" };
  await rejectModelVersion(database.db, await workerScope(database.db, made), problem);
  expect(await next()).toMatchObject([{ id: uploadId, state: "rejected", problem }]);
  const end = messages.next();
  await database.db.$transaction((tx) => revokeSessions(tx, viewer.userId));
  await expect(end).rejects.toMatchObject({ message: "unauthenticated" });
});

it("cannot be dismissed by those who may not upload", async () => {
  const viewer = await person(database, org, "viewer");
  const { uploadId } = await uploaded(researcher.session, org, randomBytes(10));
  await expect(viewer.api.upload.dismiss({ org: org.slug, id: uploadId })).rejects.toMatchObject({
    message: "forbidden",
  });
});

it("can be dismissed after its registration, which keeps the file", async () => {
  const { uploadId, sha256 } = await uploaded(researcher.session, org, randomBytes(10));
  await researcher.api.model.register({ ...at, uploadId, name: "Net" });
  await database.db.upload.update({ where: { id: uploadId }, data: { state: "registered" } });
  await researcher.api.upload.dismiss({ org: org.slug, id: uploadId });
  expect(store.files()).toContain(sha256);
  expect(await database.db.artifact.count({ where: { organisationId: org.id } })).toBe(1);
});

it("is swept when nobody will finish it, and never while somebody might", async () => {
  const age = (id: string, hours: number) =>
    database.db.upload.update({
      where: { id },
      data: { createdAt: new Date(Date.now() - hours * hourMs) },
    });
  const about = { organisationId: org.id, projectId: org.projectId, createdById: researcher.userId };
  const receiving = await database.db.upload.create({ data: { ...about, fileName: "dead.onnx" } });
  const alive = await database.db.upload.create({ data: { ...about, fileName: "alive.onnx" } });
  const forgotten = await uploaded(researcher.session, org, randomBytes(10));
  const recent = await uploaded(researcher.session, org, randomBytes(10));
  const used = await uploaded(researcher.session, org, randomBytes(10));
  await researcher.api.model.register({ ...at, uploadId: used.uploadId, name: "Net" });
  await age(receiving.id, 14);
  await age(alive.id, 11);
  await age(forgotten.uploadId, 8 * 24);
  await age(recent.uploadId, 6 * 24);
  await age(used.uploadId, 30 * 24);
  expect(await sweepUploads(database.db, new Date())).toBe(2);
  const left = await database.db.upload.findMany({ where: { organisationId: org.id }, select: { id: true } });
  expect(new Set(left.map((row) => row.id))).toEqual(new Set([alive.id, recent.uploadId, used.uploadId]));
  expect(store.files()).not.toContain(forgotten.sha256);
  expect(store.files()).toEqual(expect.arrayContaining([recent.sha256, used.sha256]));
  expect(await maintainStorage(database.db)).toEqual({ parts: 0, uploads: 0, files: 0 });
});
