import { beforeAll, describe, expect, it } from "vitest";
import { makeExperiment } from "#server/modules/run/testing.ts";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";

const database = testDatabase();
let org: TestOrganisation;
let member: Person;

beforeAll(async () => {
  org = await organisation(database);
  member = await person(database, org, "researcher");
});

const at = () => ({ org: org.slug, project: org.projectSlug });
const prune = (sparsity: number) => ({ use: "prune.magnitude" as const, sparsity });
const save = (name: string, sparsity: number, note = "") =>
  member.api.recipe.save({ ...at(), recipe: { name, steps: [prune(sparsity)] }, note });
/** Asks for an experiment on the model with the one version of a recipe. */
const launch = (modelVersionId: string, recipeVersionId: string) =>
  member.api.experiment.create({
    ...at(),
    question: "?",
    modelVersionId,
    datasetVersionId: null,
    recipes: [{ recipeVersionId }],
  });

describe("saving", () => {
  it("makes version after version under one name, and never changes an old one", async () => {
    const first = await save("Compact", 0.5, "for the edge");
    expect(first).toMatchObject({ slug: "compact", number: 1, isNew: true });
    const second = await save("  Compact ", 0.9, "more of it");
    expect(second).toMatchObject({ recipeId: first.recipeId, slug: "compact", number: 2, isNew: true });
    const { name, versions } = await member.api.recipe.get({ ...at(), recipe: "compact" });
    expect(name).toBe("Compact");
    expect(versions.map(({ number, note, recipe }) => [number, note, recipe?.steps[0]])).toEqual([
      [2, "more of it", { ...prune(0.9), scope: "global", protect: [] }],
      [1, "for the edge", { ...prune(0.5), scope: "global", protect: [] }],
    ]);
  });

  it("makes no version where nothing changed", async () => {
    const { number } = await save("Same", 0.5);
    expect(await save("Same", 0.5, "again")).toMatchObject({ number, isNew: false });
    const written = { name: "Same", seed: 0, steps: [{ ...prune(0.5), scope: "global" as const }] };
    expect(await member.api.recipe.save({ ...at(), recipe: written })).toMatchObject({ isNew: false });
  });

  it("numbers what is saved at the same moment one after the other", async () => {
    const saved = await Promise.all([0.1, 0.2, 0.3, 0.4].map((sparsity) => save("Crowd", sparsity)));
    expect(new Set(saved.map(({ recipeId }) => recipeId)).size).toBe(1);
    expect(saved.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4]);
  });

  it("finds an address for names that share theirs", async () => {
    const made = [await save("A b", 0.5), await save("a-b", 0.5), await save("稀疏", 0.5)];
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(3);
    expect(made.map(({ number }) => number)).toEqual([1, 1, 1]);
  });

  it("refuses what the engine refuses, the empty recipe and what cannot be stored", async () => {
    const refused = [
      { name: "Bad", steps: [prune(2)] },
      { name: "Bad", steps: [] },
      { name: "Bad\0", steps: [prune(0.5)] },
      { name: "Bad", steps: [{ ...prune(0.5), protect: ["a\0b"] }] },
      { name: "B".repeat(81), steps: [prune(0.5)] },
    ];
    for (const recipe of refused)
      await expect(member.api.recipe.save({ ...at(), recipe })).rejects.toMatchObject({
        code: "BAD_REQUEST",
      });
    expect((await member.api.recipe.list({ ...at(), search: "Bad" })).total).toBe(0);
  });
});

describe("archiving", () => {
  it("takes a recipe off the list; saving under its name brings it back", async () => {
    const { recipeId } = await save("Old", 0.5);
    await member.api.recipe.archive({ org: org.slug, recipeId, archived: true });
    const names = async (archived: boolean) =>
      (await member.api.recipe.list({ ...at(), search: "old", archived })).rows.map(({ name }) => name);
    expect([await names(false), await names(true)]).toEqual([[], ["Old"]]);
    expect((await member.api.recipe.get({ ...at(), recipe: "old" })).isArchived).toBe(true);
    const before = (await member.api.project.get(at())).counts.recipes;
    expect(await save("Old", 0.6)).toMatchObject({ recipeId, number: 2 });
    expect([await names(false), await names(true)]).toEqual([["Old"], []]);
    expect((await member.api.project.get(at())).counts.recipes).toBe(before + 1);
  });
});

describe("launching", () => {
  it("runs the text of the version that was chosen, remembers it, and counts", async () => {
    const { modelVersionId } = await makeExperiment(database, org);
    const first = await save("Launched", 0.7);
    await save("Launched", 0.8);
    const made = await member.api.experiment.create({
      ...at(),
      question: "?",
      modelVersionId,
      datasetVersionId: null,
      recipes: [{ recipeVersionId: first.versionId }, "float16"],
      seed: 9,
    });
    const run = await member.api.run.get({ org: org.slug, runId: made.runIds[1] ?? "" });
    expect(run).toMatchObject({
      recipeName: "Launched v1",
      recipe: { name: "Launched", seed: 0, steps: [prune(0.7)] },
      recipeOrigin: { slug: "launched", name: "Launched", number: 1 },
    });
    const other = await member.api.run.get({ org: org.slug, runId: made.runIds[2] ?? "" });
    expect(other).toMatchObject({ recipeName: "float16", recipeOrigin: null });
    await member.api.experiment.addRuns({
      org: org.slug,
      experimentId: made.id,
      recipes: [{ recipeVersionId: first.versionId }],
    });
    const { versions } = await member.api.recipe.get({ ...at(), recipe: "launched" });
    expect(versions.map(({ number, runs }) => [number, runs])).toEqual([
      [2, 0],
      [1, 2],
    ]);
    expect((await member.api.recipe.list({ ...at(), search: "launched" })).rows[0]).toMatchObject({
      versions: 2,
      runs: 2,
    });
  });

  it("refuses a version of another project or organisation, and leaves nothing behind", async () => {
    const { modelVersionId } = await makeExperiment(database, org);
    const other = await organisation(database);
    const stranger = await person(database, other, "researcher");
    const foreign = await stranger.api.recipe.save({
      org: other.slug,
      project: other.projectSlug,
      recipe: { name: "Theirs", steps: [prune(0.5)] },
    });
    const neighbour = await database.db.project.create({
      data: { organisationId: org.id, teamId: org.teamId, slug: "neighbour", name: "Neighbour" },
    });
    const near = await member.api.recipe.save({
      org: org.slug,
      project: neighbour.slug,
      recipe: { name: "Near", steps: [prune(0.5)] },
    });
    const before = await database.db.run.count();
    for (const { versionId } of [foreign, near]) {
      await expect(launch(modelVersionId, versionId)).rejects.toMatchObject({ cause: { code: "notFound" } });
    }
    expect(await database.db.run.count()).toBe(before);
  });
});

it("says which versions the engine of now does not understand, and launches none of them", async () => {
  const { modelVersionId } = await makeExperiment(database, org);
  const { versionId } = await save("Ancient", 0.5);
  await database.db.recipeVersion.update({
    where: { id: versionId },
    data: { content: { name: "Ancient", seed: 0, steps: [{ use: "no.longer" }] } },
  });
  const { versions } = await member.api.recipe.get({ ...at(), recipe: "ancient" });
  expect(versions[0]?.recipe).toBeNull();
  await expect(launch(modelVersionId, versionId)).rejects.toMatchObject({ cause: { code: "invalidInput" } });
});

it("lists the newest first, a page at a time", async () => {
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await member.api.recipe.list({ ...at(), cursor, limit: 2 });
    seen.push(...page.rows.map(({ id }) => id));
    cursor = page.nextCursor;
    expect(page.total).toBeGreaterThan(3);
  }
  expect(seen).toEqual([...seen].sort().reverse());
});

it("brings along what the engine names", async () => {
  const names = (await member.api.recipe.presets({ org: org.slug })).map(({ recipe }) => recipe.name);
  expect(names).toContain("int8-dynamic");
});
