import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";

const database = testDatabase();
let org: TestOrganisation;
let other: TestOrganisation;
let ada: Person;
let ben: Person;
let viewer: Person;
let stranger: Person;
let at: { org: string };

beforeAll(async () => {
  other = await organisation(database);
  stranger = await person(database, other, "owner");
});
beforeEach(async () => {
  org = await organisation(database);
  ada = await person(database, org, "researcher");
  ben = await person(database, org, "reviewer");
  viewer = await person(database, org, "viewer");
  at = { org: org.slug };
});

const write = (title: string, body = "text") =>
  ada.api.note.create({ ...at, subject: "project", subjectId: org.projectId, title, body });

const nameOf = async ({ userId }: Person) =>
  (await database.db.user.findUniqueOrThrow({ where: { id: userId } })).name;

describe("editing at the same time", () => {
  it("refuses the one who comes later, and shows what is there now", async () => {
    const { id, revision } = await write("Plan", "first");
    await ada.api.note.update({ ...at, id, baseRevision: revision, title: "Plan", body: "Ada's" });
    const late = ben.api.note.update({ ...at, id, baseRevision: revision, title: "Plan", body: "Ben's" });
    const error = await late.catch((caught: unknown) => caught);
    const cause = (error as Error).cause;
    expect(cause).toBeInstanceOf(AppError);
    expect(cause).toMatchObject({
      code: "noteChanged",
      details: { revision: 2, title: "Plan", body: "Ada's", author: await nameOf(ada) },
    });
    expect(await viewer.api.note.get({ ...at, id })).toMatchObject({ body: "Ada's", revision: 2 });
    // Having seen it, Ben can write on top of it.
    await ben.api.note.update({ ...at, id, baseRevision: 2, title: "Plan", body: "both" });
    expect(await viewer.api.note.get({ ...at, id })).toMatchObject({
      body: "both",
      createdBy: await nameOf(ada),
      updatedBy: await nameOf(ben),
    });
  });

  it("lets exactly one of many win, and loses no revision", async () => {
    const { id } = await write("Plan");
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        ada.api.note.update({ ...at, id, baseRevision: 1, title: "Plan", body: `text ${index}` }),
      ),
    );
    expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    const history = await viewer.api.note.history({ ...at, id });
    expect(history.map((row) => row.revision)).toEqual([2, 1]);
    const now = await viewer.api.note.get({ ...at, id });
    expect(await viewer.api.note.revision({ ...at, id, revision: 2 })).toMatchObject({ body: now.body });
    expect(await viewer.api.note.revision({ ...at, id, revision: 1 })).toMatchObject({ body: "text" });
  });

  it("makes no revision of an edit that changes nothing", async () => {
    const { id } = await write("Plan", "same");
    const again = await ada.api.note.update({ ...at, id, baseRevision: 1, title: "Plan", body: "same" });
    expect(again.revision).toBe(1);
    expect(await ada.api.note.history({ ...at, id })).toHaveLength(1);
  });
});

describe("what a note is on", () => {
  async function things() {
    const about = { organisationId: org.id, projectId: org.projectId, createdById: ada.userId };
    const { db } = database;
    const model = await db.model.create({ data: { ...about, slug: "m", name: "M" } });
    const version = await db.modelVersion.create({
      data: { ...about, modelId: model.id, number: 1, fileName: "m.onnx", bytes: 1n, sha256: "0".repeat(64) },
    });
    const experiment = await db.experiment.create({
      data: { ...about, number: 1, question: "?", modelVersionId: version.id },
    });
    const recipe = { name: "r", seed: 0, steps: [] };
    const run = await db.run.create({
      data: { ...about, experimentId: experiment.id, number: 1, recipeName: "r", recipe },
    });
    return { project: org.projectId, experiment: experiment.id, run: run.id, model: model.id };
  }

  it("can be a project, experiment, run or model, of one's own organisation only", async () => {
    const subjects = await things();
    for (const [subject, subjectId] of Object.entries(subjects) as ["project" | "run", string][]) {
      const note = { subject, subjectId, title: `On ${subject}`, body: "" };
      await ada.api.note.create({ ...at, ...note });
      expect(await viewer.api.note.list({ ...at, subject, subjectId })).toMatchObject({
        total: 1,
        rows: [{ title: `On ${subject}` }],
      });
      const foreign = { org: other.slug, ...note };
      await expect(stranger.api.note.create(foreign)).rejects.toMatchObject({ message: "notFound" });
      await expect(stranger.api.note.list(foreign)).rejects.toMatchObject({ message: "notFound" });
    }
    // The ID of one kind of thing is none of another kind.
    const wrong = { ...at, subject: "run" as const, subjectId: subjects.model, title: "x", body: "" };
    await expect(ada.api.note.create(wrong)).rejects.toMatchObject({ message: "notFound" });
    expect(await viewer.api.note.listOfProject({ ...at, project: org.projectSlug })).toMatchObject({
      total: 4,
    });
  });
});

it("lists pinned notes first, then by last change, in pages", async () => {
  const ids = [];
  for (const title of ["A", "B", "C", "D"]) ids.push((await write(title, "é".repeat(800))).id);
  await ada.api.note.pin({ ...at, id: ids[1]!, pinned: true });
  await ben.api.note.update({ ...at, id: ids[0]!, baseRevision: 1, title: "A", body: "changed" });
  const input = { ...at, subject: "project" as const, subjectId: org.projectId, limit: 3 };
  const first = await viewer.api.note.list(input);
  expect(first.rows.map((row) => row.title)).toEqual(["B", "A", "D"]);
  expect(first.rows[1]).toMatchObject({ excerpt: "changed", updatedBy: await nameOf(ben) });
  expect(first.rows[2]?.excerpt).toBe(`${"é".repeat(599)}…`);
  const second = await viewer.api.note.list({ ...input, cursor: first.nextCursor });
  expect(second.rows.map((row) => row.title)).toEqual(["C"]);
  expect(second.nextCursor).toBeNull();
});

it("refuses what the database could not keep and what is too long", async () => {
  await expect(write("a\0b")).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(write("x", "a\0b")).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(write("x", "a".repeat(100_001))).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(write("  ")).rejects.toMatchObject({ code: "BAD_REQUEST" });
});

it("is written by those who discuss and deleted by those who govern", async () => {
  const { id } = await write("Plan");
  const forbidden = { message: "forbidden" };
  const own = { ...at, subject: "project" as const, subjectId: org.projectId, title: "x", body: "" };
  await expect(viewer.api.note.create(own)).rejects.toMatchObject(forbidden);
  await expect(viewer.api.note.pin({ ...at, id, pinned: true })).rejects.toMatchObject(forbidden);
  await expect(ada.api.note.delete({ ...at, id })).rejects.toMatchObject(forbidden);
  const admin = await person(database, org, "admin");
  await admin.api.note.delete({ ...at, id });
  for (const call of ["get", "history"] as const) {
    await expect(ada.api.note[call]({ ...at, id })).rejects.toMatchObject({ message: "notFound" });
  }
});

it("does not exist for another organisation", async () => {
  const { id } = await write("Plan");
  const from = { org: other.slug, id };
  const { note } = stranger.api;
  const calls = [
    () => note.get(from),
    () => note.history(from),
    () => note.revision({ ...from, revision: 1 }),
    () => note.update({ ...from, baseRevision: 1, title: "x", body: "x" }),
    () => note.pin({ ...from, pinned: true }),
    () => note.delete(from),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ message: "notFound" });
  expect(await viewer.api.note.get({ ...at, id })).toMatchObject({
    title: "Plan",
    body: "text",
    pinned: false,
  });
});
