import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { workerScope } from "#server/auth/gate.ts";
import type { Session } from "#server/auth/session.ts";
import { completeDatasetIngest } from "#server/modules/dataset/ingest.ts";
import { completeModelInspection } from "#server/modules/model/inspection.ts";
import { testDatabase } from "#server/testing/database.ts";
import { inspectionOf, summaryOf } from "#server/testing/inspection.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { testStore } from "#server/testing/store.ts";
import { uploaded } from "#server/testing/uploads.ts";
import { answering } from "./answer.ts";
import { sendDatasetFile, sendModel } from "./download.ts";

const database = testDatabase();
testStore();
const content = randomBytes(600_000);
const table = Buffer.from("x,label\n1,0\n");
let org: TestOrganisation;
let viewer: Person;
let stranger: Person;
let model: { versionId: string; sha256: string };
let datasetVersionId: string;

beforeAll(async () => {
  org = await organisation(database);
  const researcher = await person(database, org, "researcher");
  viewer = await person(database, org, "viewer");
  stranger = await person(database, await organisation(database), "owner");
  const at = { org: org.slug, project: org.projectSlug };
  const { uploadId, sha256 } = await uploaded(researcher.session, org, content, '模型 "v1".onnx');
  const { versionId } = await researcher.api.model.register({ ...at, uploadId, name: "Net" });
  await completeModelInspection(
    database.db,
    await workerScope(database.db, { versionId }),
    inspectionOf(600_000),
  );
  model = { versionId, sha256 };
  const csv = await uploaded(researcher.session, org, table, "a.csv");
  const dataset = await researcher.api.dataset.register({
    ...at,
    name: "Table",
    files: [{ name: "a.csv", uploadId: csv.uploadId }],
    manifest: {
      name: "t",
      task: "classification",
      splits: { test: "a.csv" },
      inputs: [{ to: 0, from: "x" }],
      label: { from: "label" },
    },
  });
  const scope = await workerScope(database.db, dataset);
  await completeDatasetIngest(database.db, scope, { summary: summaryOf, digest: "d".repeat(64) });
  datasetVersionId = dataset.versionId;
});

const get = (
  session: Session | undefined,
  headers: Record<string, string> = {},
  slug = org.slug,
  method = "GET",
) =>
  answering(() =>
    sendModel(session, new Request(`http://localhost/x?org=${slug}`, { headers, method }), model.versionId),
  );

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe("a model", () => {
  it("comes whole, as a file with its own name and hash", async () => {
    const answer = await get(viewer.session);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-length": "600000",
      "content-disposition": `attachment; filename="__ _v1_.onnx"; filename*=UTF-8''%E6%A8%A1%E5%9E%8B%20%22v1%22.onnx`,
      etag: `"${model.sha256}"`,
      "x-content-type-options": "nosniff",
    });
    expect((await bytesOf(answer)).equals(content)).toBe(true);
  });

  it("comes in parts, which together are the whole", async () => {
    const answer = await get(viewer.session, { range: "bytes=100-399999" });
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe("bytes 100-399999/600000");
    expect((await bytesOf(answer)).equals(content.subarray(100, 400_000))).toBe(true);
    const rest = await get(viewer.session, { range: "bytes=400000-", "if-range": `"${model.sha256}"` });
    expect((await bytesOf(rest)).equals(content.subarray(400_000))).toBe(true);
  });

  it("comes whole where the part is of another file, and not at all where there is no such part", async () => {
    const changed = await get(viewer.session, { range: "bytes=5-", "if-range": '"other"' });
    expect(changed.status).toBe(200);
    await changed.body?.cancel();
    const beyond = await get(viewer.session, { range: "bytes=600000-" });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get("content-range")).toBe("bytes */600000");
  });

  it("is not sent again to who has it", async () => {
    const answer = await get(viewer.session, { "if-none-match": `W/"x", "${model.sha256}"` });
    expect(answer.status).toBe(304);
    expect(await answer.text()).toBe("");
  });

  it("answers a question about it without its bytes", async () => {
    const answer = await get(viewer.session, {}, org.slug, "HEAD");
    expect(answer.headers.get("content-length")).toBe("600000");
    expect(answer.body).toBeNull();
  });

  it("is for members only", async () => {
    expect((await get(undefined)).status).toBe(401);
    expect((await get(stranger.session)).status).toBe(404);
    // Through one's own organisation it is not found either.
    const { organisation: own } = await database.db.membership.findFirstOrThrow({
      where: { userId: stranger.userId },
      include: { organisation: true },
    });
    const answer = await get(stranger.session, {}, own.slug);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "notFound" });
  });

  it("has a proper address", async () => {
    const request = new Request(`http://localhost/x?org=${org.slug}`);
    const answer = await answering(() => sendModel(viewer.session, request, "../etc/passwd"));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalidInput", details: { fields: "versionId" } });
  });
});

describe("a file of a dataset", () => {
  const file = (session: Session | undefined, name: string) =>
    answering(() =>
      sendDatasetFile(
        session,
        new Request(`http://localhost/x?org=${org.slug}&file=${encodeURIComponent(name)}`),
        datasetVersionId,
      ),
    );

  it("comes under its name in the manifest", async () => {
    const answer = await file(viewer.session, "a.csv");
    expect((await bytesOf(answer)).equals(table)).toBe(true);
    expect(answer.headers.get("content-disposition")).toContain(`filename="a.csv"`);
  });

  it("is not found under another name or by others", async () => {
    expect((await file(viewer.session, "b.csv")).status).toBe(404);
    expect((await file(stranger.session, "a.csv")).status).toBe(404);
  });
});
