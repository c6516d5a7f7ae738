import { beforeAll, describe, expect, it } from "vitest";
import { usesTeacher } from "#engine/passes/needs.ts";
import { stepNames } from "#engine/passes/step.schema.ts";
import { makeExperiment, makeRun, type TestExperiment } from "#server/modules/run/testing.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";

const database = testDatabase();
let org: TestOrganisation;
let member: Person;
let given: TestExperiment;

beforeAll(async () => {
  org = await organisation(database);
  member = await person(database, org, "researcher");
  given = await makeExperiment(database, org);
});

const input = (more: object = {}) => ({
  org: org.slug,
  project: org.projectSlug,
  question: "Which is the smallest?",
  modelVersionId: given.modelVersionId,
  datasetVersionId: null,
  recipes: ["float16", { name: "most of it", steps: [{ use: "prune.magnitude" as const, sparsity: 0.9 }] }],
  seed: 5,
  ...more,
});

const counts = async () => ({
  experiments: await database.db.experiment.count(),
  runs: await database.db.run.count(),
  jobs: (await database.pool.query("select 1 from pgboss.job")).rowCount,
});

describe("a launch", () => {
  it("makes the baseline, a run for each recipe and a job for each run, and numbers them", async () => {
    const made = await member.api.experiment.create(input());
    const detail = await member.api.experiment.get({
      org: org.slug,
      project: org.projectSlug,
      number: made.number,
    });
    expect(detail).toMatchObject({
      id: made.id,
      baselineRunId: made.runIds[0],
      counts: { queued: 3 },
      seed: 5,
    });
    const { rows } = await member.api.experiment.runs({ org: org.slug, experimentId: made.id });
    expect(rows.map((row) => [row.number, row.isBaseline, row.recipeName])).toEqual([
      [1, true, "baseline"],
      [2, false, "float16"],
      [3, false, "most of it"],
    ]);
    const named = await database.db.run.findUniqueOrThrow({ where: { id: made.runIds[1] ?? "" } });
    expect(named.recipe).toMatchObject({ seed: 5, steps: [{ use: "cast.float16", keep_io_types: true }] });
    for (const id of made.runIds) {
      const jobs = await database.pool.query("select priority from pgboss.job where data->>'runId' = $1", [
        id,
      ]);
      expect(jobs.rows).toEqual([{ priority: id === made.runIds[0] ? 1 : 0 }]);
    }
    const added = await member.api.experiment.addRuns({
      org: org.slug,
      experimentId: made.id,
      recipes: ["int8-dynamic"],
    });
    const last = await member.api.run.get({ org: org.slug, runId: added.runIds[0] ?? "" });
    expect(last).toMatchObject({ number: 4, baselineRunId: made.runIds[0], state: "queued" });
  });

  it("gives every launch of many at once a number of its own", async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => member.api.experiment.create(input())));
    expect(new Set(made.map((one) => one.number)).size).toBe(5);
  });

  it("leaves nothing behind where it is refused", async () => {
    const checking = await makeExperiment(database, org);
    await database.db.modelVersion.update({
      where: { id: checking.modelVersionId },
      data: { state: "checking" },
    });
    const other = await organisation(database);
    const foreign = await makeExperiment(database, other);
    const before = await counts();
    const refused = [
      [input({ recipes: ["no such recipe"] }), "invalidInput"],
      [input({ recipes: [{ name: "x", steps: [{ use: "prune.magnitude", sparsity: 7 }] }] }), "invalidInput"],
      [input({ modelVersionId: checking.modelVersionId }), "notReady"],
      [input({ modelVersionId: foreign.modelVersionId }), "notFound"],
      [input({ datasetVersionId: foreign.modelVersionId }), "notFound"],
      [input({ teacherVersionId: checking.modelVersionId }), "notReady"],
      [input({ teacherVersionId: foreign.modelVersionId }), "notFound"],
      [input({ project: "elsewhere" }), "notFound"],
    ] as const;
    for (const [asked, code] of refused) {
      const error: unknown = await member.api.experiment.create(asked).catch((reason: unknown) => reason);
      expect(error, code).toMatchObject(
        code === "invalidInput" ? { code: "BAD_REQUEST" } : { cause: { code } },
      );
    }
    expect(await counts()).toEqual(before);
  });

  it("names a teacher for the runs that learn from one, and for no others", async () => {
    const { modelVersionId: teacherVersionId } = await makeExperiment(database, org);
    const learn = stepNames.filter((use) => usesTeacher([{ use }]));
    const recipes = ["float16", ...learn.map((use) => ({ name: use, steps: [{ use }] }))];
    const made = await member.api.experiment.create(input({ recipes, teacherVersionId }));
    const added = await member.api.experiment.addRuns({
      org: org.slug,
      experimentId: made.id,
      recipes: ["float16"],
      teacherVersionId,
    });
    const runs = await database.db.run.findMany({
      where: { id: { in: [...made.runIds, ...added.runIds] } },
      orderBy: { number: "asc" },
    });
    expect(runs.map((run) => run.teacherVersionId)).toEqual([
      null,
      null,
      ...learn.map(() => teacherVersionId),
      null,
    ]);
    const foreign = await makeExperiment(database, await organisation(database));
    const refused = member.api.experiment.addRuns({
      org: org.slug,
      experimentId: made.id,
      recipes: ["float16"],
      teacherVersionId: foreign.modelVersionId,
    });
    await expect(refused).rejects.toMatchObject({ cause: { code: "notFound" } });
  });

  it("is not for those who only read", async () => {
    const viewer = await person(database, org, "viewer");
    await expect(viewer.api.experiment.create(input())).rejects.toThrow("forbidden");
  });
});

it("lists experiments newest first, a page at a time", async () => {
  const seen: number[] = [];
  for (let cursor: number | null | undefined; cursor !== null; ) {
    const page = await member.api.experiment.list({
      org: org.slug,
      project: org.projectSlug,
      cursor,
      limit: 3,
    });
    seen.push(...page.rows.map((row) => row.number));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([...seen].sort((a, b) => b - a));
  expect(new Set(seen).size).toBe(
    await database.db.experiment.count({ where: { projectId: org.projectId } }),
  );
});

it("knows what its runs measure while the first of them is still under way, and of any that ended", async () => {
  const experiment = await makeExperiment(database, org);
  const { organisationId, projectId } = experiment;
  const measured = async (state: "running" | "succeeded" | "failed" | "queued", name: string) => {
    const runId = await makeRun(database, experiment, { state });
    const about = { organisationId, projectId, runId, attempt: 1, name, split: "", value: 1, unit: "B" };
    await database.db.measurement.create({
      data: {
        ...about,
        intervalKind: "exact",
        n: 1,
        tier: "metered",
        method: "count",
        scope: "run",
        conditions: {},
      },
    });
  };
  const { number } = await database.db.experiment.findUniqueOrThrow({ where: { id: experiment.id } });
  const known = async () => {
    const found = await member.api.experiment.get({ org: org.slug, project: org.projectSlug, number });
    return found.metrics.map((metric) => JSON.stringify(metric)).join();
  };
  await measured("running", "size/gzip");
  expect(await known()).toContain("size/gzip");
  await measured("succeeded", "size/file");
  for (let count = 0; count < 15; count++) await makeRun(database, experiment, { state: "queued" });
  expect(await known()).toContain("size/file");
});
