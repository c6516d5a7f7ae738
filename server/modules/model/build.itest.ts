import { beforeEach, expect, it } from "vitest";
import { inspectModel } from "#engine/inspect.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { workerScope } from "#server/auth/gate.ts";
import { artifactStore } from "#server/storage/current.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { testStore } from "#server/testing/store.ts";
import { completeModelInspection } from "./inspection.ts";

const database = testDatabase();
testStore();
const perceptron = { kind: "mlp" as const, input: [1, 4, 4], hidden: [8], outputs: 3 };
let org: TestOrganisation;
let researcher: Person;
let at: { org: string; project: string };

beforeEach(async () => {
  org = await organisation(database);
  researcher = await person(database, org, "researcher");
  at = { org: org.slug, project: org.projectSlug };
});

async function fileOf(model: string) {
  const { sha256, ...version } = await researcher.api.model.version({ ...at, model, number: 1 });
  const file = new Uint8Array(await new Response(await artifactStore().open(sha256)).arrayBuffer());
  return { file, version };
}

it("a model built from an architecture is checked as an upload is, and says that it is untrained", async () => {
  const made = await researcher.api.model.build({ ...at, name: "Small", architecture: perceptron, seed: 5 });
  const { file, version } = await fileOf("small");
  expect(version).toMatchObject({ state: "checking", fileName: "mlp-seed-5.onnx", bytes: file.length });
  const inspection = inspectModel(decodeModel(file), { bytes: file.length });
  const preview = await researcher.api.model.preview({ org: org.slug, architecture: perceptron });
  expect(preview).toMatchObject({ parameters: 16 * 8 + 8 + 8 * 3 + 3, refusal: null });
  expect(preview.inputs).toEqual(inspection.inputs);
  expect(inspection.untrained).toBeDefined();
  await completeModelInspection(
    database.db,
    await workerScope(database.db, { versionId: made.versionId }),
    inspection,
  );
  const ready = await researcher.api.model.version({ ...at, model: "small", number: 1 });
  expect(ready.inspection?.untrained).toEqual({ architecture: perceptron, seed: 5 });

  const experiment = await researcher.api.experiment.create({
    ...at,
    question: "?",
    modelVersionId: made.versionId,
    datasetVersionId: null,
    recipes: ["float16"],
  });
  const detail = await researcher.api.experiment.get({ org: org.slug, experimentId: experiment.id });
  expect(detail.isUntrained).toBe(true);
  const baseline = await researcher.api.run.get({ org: org.slug, runId: detail.baselineRunId });
  expect(baseline).toMatchObject({ isUntrained: true, overlapUnknown: false });
});

it("the same architecture and seed make the same file, another seed another", async () => {
  const build = (name: string, seed: number) =>
    researcher.api.model.build({ ...at, name, architecture: perceptron, seed });
  await build("One", 1);
  await build("Two", 2);
  const [one, two] = [await fileOf("one"), await fileOf("two")];
  expect(one.file).not.toEqual(two.file);
  expect(one.file.length).toBe(two.file.length);
});

it("what is too large or does not fit together is refused with the reason, and leaves nothing", async () => {
  const huge = { kind: "mlp" as const, input: [65_536], hidden: [65_536], outputs: 10 };
  const preview = await researcher.api.model.preview({ org: org.slug, architecture: huge });
  expect(preview.refusal).toMatchObject({ key: "catalogue.tooManyParameters" });
  const build = researcher.api.model.build({ ...at, name: "Huge", architecture: huge });
  await expect(build).rejects.toMatchObject({ message: "cannotBuild" });
  const where = { organisationId: org.id };
  expect(await database.db.model.count({ where })).toBe(0);
  expect(await database.db.upload.count({ where })).toBe(0);
});

it("is for those who may register models", async () => {
  const viewer = await person(database, org, "viewer");
  const build = viewer.api.model.build({ ...at, name: "Mine", architecture: perceptron });
  await expect(build).rejects.toMatchObject({ message: "forbidden" });
});
