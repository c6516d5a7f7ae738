import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { revokeSessions } from "#server/auth/session.ts";
import { artifactStore, useArtifactStore } from "#server/storage/current.ts";
import { LocalStore } from "#server/storage/local-store.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { bytesOf, streamOf, testStore } from "#server/testing/store.ts";
import { sendUpload, uploaded } from "#server/testing/uploads.ts";

const database = testDatabase();
const store = testStore();
let org: TestOrganisation;
let other: TestOrganisation;
let researcher: Person;
let viewer: Person;
let stranger: Person;

beforeAll(async () => {
  org = await organisation(database);
  other = await organisation(database);
  researcher = await person(database, org, "researcher");
  viewer = await person(database, org, "viewer");
  stranger = await person(database, other, "owner");
});

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const length = (bytes: number) => ({ "content-length": String(bytes) });

/** What is in the way of a clean slate: rows and files. */
async function left() {
  return {
    uploads: await database.db.upload.count(),
    artifacts: await database.db.artifact.count(),
    files: store.files(),
  };
}
const nothing = { uploads: 0, artifacts: 0, files: [] };

/** A stream that gives one chunk and then nothing until its controller is used. */
function slow(first: Uint8Array) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  // Rejects when the reader cancels, which is what some tests are about.
  const ignore = () => {};
  writer.write(first).catch(ignore);
  return {
    stream: readable,
    finish: async (last: Uint8Array) => {
      await writer.write(last);
      await writer.close();
    },
    fail: (error: Error) => writer.abort(error).catch(ignore),
  };
}

async function rowIs(state: string): Promise<void> {
  await expect.poll(() => database.db.upload.count({ where: { state: state as "receiving" } })).toBe(1);
}

describe("an upload that goes well", () => {
  afterEach(async () => {
    for (const { id } of await database.db.upload.findMany()) {
      await database.db.upload.delete({ where: { id } });
    }
    for (const { sha256: hash } of await database.db.artifact.findMany()) await artifactStore().remove(hash);
    await database.db.artifact.deleteMany();
  });

  it("answers with hash and size, and leaves a row, its file and the name as given", async () => {
    const content = randomBytes(300_000);
    const answer = await sendUpload(researcher.session, org, {
      body: streamOf(content.subarray(0, 100_000), content.subarray(100_000)),
      fileName: "模型 v1 (final).onnx",
      headers: { ...length(300_000), "x-content-sha256": sha256(content).toUpperCase() },
    });
    expect(answer.status).toBe(201);
    const received = await answer.json();
    expect(received).toMatchObject({ sha256: sha256(content), bytes: 300_000 });
    expect((await bytesOf(await artifactStore().open(sha256(content)))).equals(content)).toBe(true);
    const row = await viewer.api.upload.get({ org: org.slug, id: received.uploadId });
    expect(row).toMatchObject({
      fileName: "模型 v1 (final).onnx",
      state: "received",
      bytes: 300_000,
      problem: null,
    });
    expect(await viewer.api.upload.list({ org: org.slug, project: "project" })).toEqual([row]);
  });

  it("takes an empty file, which its check will refuse", async () => {
    expect(await uploaded(researcher.session, org, new Uint8Array(0))).toMatchObject({ bytes: 0 });
  });

  it("keeps equal bytes of two organisations once, as two rows that do not know of each other", async () => {
    const content = randomBytes(1000);
    const own = await uploaded(researcher.session, org, content);
    const theirs = await uploaded(stranger.session, other, content);
    expect(store.files()).toEqual([sha256(content)]);
    const rows = await database.db.artifact.findMany({ where: { sha256: sha256(content) } });
    expect(new Set(rows.map((row) => row.organisationId))).toEqual(new Set([org.id, other.id]));
    await expect(researcher.api.upload.get({ org: org.slug, id: theirs.uploadId })).rejects.toMatchObject({
      message: "notFound",
    });
    // One lets go, the other's file stays; then nobody has it.
    await researcher.api.upload.dismiss({ org: org.slug, id: own.uploadId });
    expect(store.files()).toEqual([sha256(content)]);
    await stranger.api.upload.dismiss({ org: other.slug, id: theirs.uploadId });
    expect(await left()).toEqual(nothing);
  });
});

describe("who may upload", () => {
  it.each([
    ["nobody signed in", () => undefined, () => org, 401, "unauthenticated"],
    ["a viewer", () => viewer.session, () => org, 403, "forbidden"],
    ["a stranger", () => stranger.session, () => org, 404, "notFound"],
    [
      "a member, to a project that does not exist",
      () => researcher.session,
      (): TestOrganisation => ({ ...org, projectSlug: "no" }),
      404,
      "notFound",
    ],
  ])("%s is refused", async (_name, session, at, status, code) => {
    const answer = await sendUpload(session(), at(), {
      body: streamOf(randomBytes(10)),
      headers: length(10),
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code, id: expect.stringMatching(/^[0-9a-f]{8}$/) });
    expect(await left()).toEqual(nothing);
  });

  it("a session that is revoked ends its upload at once, although nothing more arrives", async () => {
    const someone = await person(database, org, "researcher");
    const { stream } = slow(randomBytes(1000));
    const answer = sendUpload(someone.session, org, { body: stream, headers: length(5000) });
    await rowIs("receiving");
    await database.db.$transaction((tx) => revokeSessions(tx, someone.userId));
    expect(await (await answer).json()).toMatchObject({ code: "unauthenticated" });
    expect(await left()).toEqual(nothing);
  });

  it("a member who was removed meanwhile is refused at the end", async () => {
    const someone = await person(database, org, "researcher");
    const { stream, finish } = slow(randomBytes(1000));
    const answer = sendUpload(someone.session, org, { body: stream, headers: length(2000) });
    await rowIs("receiving");
    await database.db.membership.deleteMany({ where: { userId: someone.userId } });
    await finish(randomBytes(1000));
    expect(await (await answer).json()).toMatchObject({ code: "notFound" });
    expect(await left()).toEqual(nothing);
  });
});

describe("an upload that goes wrong leaves nothing", () => {
  afterEach(async () => {
    expect(await left()).toEqual(nothing);
  });

  it("when the connection breaks", async () => {
    const { stream, fail } = slow(randomBytes(70_000));
    const answer = sendUpload(researcher.session, org, { body: stream, headers: length(200_000) });
    await rowIs("receiving");
    await fail(new Error("aborted"));
    expect((await answer).status).toBe(400);
    expect(await (await answer).json()).toMatchObject({
      code: "uploadIncomplete",
      details: { bytes: 70_000 },
    });
  });

  it("when the client goes away in silence", async () => {
    const client = new AbortController();
    const { stream } = slow(randomBytes(70_000));
    const answer = sendUpload(researcher.session, org, {
      body: stream,
      headers: length(200_000),
      signal: client.signal,
    });
    await rowIs("receiving");
    client.abort();
    expect(await (await answer).json()).toMatchObject({ code: "uploadIncomplete" });
  });

  it("when the connection ends early without an error", async () => {
    const answer = await sendUpload(researcher.session, org, {
      body: streamOf(randomBytes(10)),
      headers: length(11),
    });
    expect(await answer.json()).toMatchObject({
      code: "uploadIncomplete",
      details: { bytes: 10, expected: 11 },
    });
  });

  it("when the bytes are not those announced", async () => {
    const answer = await sendUpload(researcher.session, org, {
      body: streamOf(randomBytes(10)),
      headers: { ...length(10), "x-content-sha256": "0".repeat(64) },
    });
    expect(answer.status).toBe(400);
  });

  it("when it is larger than allowed, before a byte is read", async () => {
    let read = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull() {
          read = true;
        },
      },
      { highWaterMark: 0 },
    );
    const answer = await sendUpload(researcher.session, org, { body, headers: length(3 * 1024 ** 3) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "uploadTooLarge", details: { limit: 2 * 1024 ** 3 } });
    expect(read).toBe(false);
  });

  it("when the disk is full", async () => {
    const whole = artifactStore();
    useArtifactStore(
      new LocalStore(store.root, {
        beforeWrite: (written) => {
          if (written > 50_000) throw Object.assign(new Error("full"), { code: "ENOSPC" });
        },
      }),
    );
    try {
      const content = [randomBytes(40_000), randomBytes(40_000), randomBytes(40_000)];
      const answer = await sendUpload(researcher.session, org, {
        body: streamOf(...content),
        headers: length(120_000),
      });
      expect(answer.status).toBe(507);
      expect(await answer.json()).toMatchObject({ code: "storeFull" });
    } finally {
      useArtifactStore(whole);
    }
  });

  it.each([
    ["no length", {}],
    ["a length that is no number", { "content-length": "-1" }],
    ["a name with a folder", { ...length(1), "x-file-name": "..%2Fx" }],
    ["a name with a line break", { ...length(1), "x-file-name": "a%0d%0ab" }],
    ["a name that is not encoded", { ...length(1), "x-file-name": "%E0%A4%A" }],
    ["a hash that is none", { ...length(1), "x-content-sha256": "abc" }],
  ])("with %s", async (_name, headers) => {
    const answer = await sendUpload(researcher.session, org, { body: streamOf(randomBytes(1)), headers });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalidInput" });
  });
});

it("receives 300 MB in flat memory", async () => {
  const chunk = randomBytes(64 * 1024);
  const count = 4_800;
  let sent = 0;
  let peak = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent++ === count) return controller.close();
        if (sent % 100 === 0) peak = Math.max(peak, process.memoryUsage.rss());
        controller.enqueue(new Uint8Array(chunk));
      },
    },
    { highWaterMark: 0 },
  );
  await uploaded(researcher.session, org, randomBytes(1000));
  const before = process.memoryUsage.rss();
  const answer = await sendUpload(researcher.session, org, { body, headers: length(count * chunk.length) });
  expect(answer.status).toBe(201);
  const grown = (peak - before) / 2 ** 20;
  console.log(`300 MB received, memory grew by ${grown.toFixed(0)} MiB at most`);
  expect(grown).toBeLessThan(120);
});
