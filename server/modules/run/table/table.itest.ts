import { beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";
import { organisation, type Person, person, type TestOrganisation } from "#server/testing/people.ts";
import { makeExperiment, type TestExperiment } from "../testing.ts";

const database = testDatabase();
const runs = 10_000;
const metrics = 50;
let org: TestOrganisation;
let member: Person;
let experiment: TestExperiment;

/** Values are a permutation of 0 … n − 1 per metric; every tenth run lacks metric m0. */
beforeAll(async () => {
  org = await organisation(database);
  member = await person(database, org, "viewer");
  experiment = await makeExperiment(database, org);
  const { id, projectId, organisationId } = experiment;
  await database.pool.query(
    `insert into "run" ("id", "organisationId", "projectId", "experimentId", "number", "recipeName", "recipe", "state", "createdById")
     select gen_random_uuid(), $1, $2, $3, n, (array['float16', 'int8-dynamic', '100%_odd'])[1 + n % 3], '{"name":"r","seed":0,"steps":[]}',
       (array['succeeded', 'failed'])[1 + (n % 5 = 0)::int]::"RunState", $1 from generate_series(1, ${runs}) n`,
    [organisationId, projectId, id],
  );
  await database.pool.query(
    `insert into "measurement" ("runId", "name", "split", "organisationId", "projectId", "attempt", "value", "unit", "intervalKind", "n",
       "tier", "method", "scope", "conditions")
     select r."id", 'm' || m, case when m = 1 then 'test' else '' end, $1, $2, 1, (r."number" * 7919 + m) % ${runs}, 'B', 'exact', 1,
       'metered', 'made', 'file', '{}'
     from "run" r, generate_series(0, ${metrics - 1}) m where r."experimentId" = $3 and not (m = 0 and r."number" % 10 = 0)`,
    [organisationId, projectId, id],
  );
  await database.pool.query("analyze");
}, 120_000);

const table = (input: object) =>
  member.api.experiment.runs({ org: org.slug, experimentId: experiment.id, ...input });

describe("the run table", () => {
  it.each([
    { by: "m0", descending: false },
    { by: "m0", descending: true },
    { by: "m1@test", descending: true },
    { by: "recipe", descending: false },
    { by: "state", descending: true },
    { by: "number", descending: true },
  ])("pages through every run once, sorted by $by, descending $descending", async (sort) => {
    const seen: string[] = [];
    const values: number[] = [];
    let missing = false;
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await table({ sort, cursor, limit: 200, columns: ["m0", "m1@test"] });
      expect(page.total).toBe(runs);
      for (const row of page.rows) {
        seen.push(row.id);
        const value = row.values[sort.by]?.value;
        if (!sort.by.startsWith("m")) continue;
        // What lacks the metric comes last, whichever way the rest is sorted.
        if (value === undefined) missing = true;
        else expect(missing).toBe(false);
        if (value !== undefined) values.push(value);
      }
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(runs);
    expect(new Set(seen).size).toBe(runs);
    const sorted = [...values].sort((a, b) => (sort.descending ? b - a : a - b));
    expect(values).toEqual(sorted);
    expect(missing).toBe(sort.by === "m0");
  });

  it("filters by state, recipe, text and bounds", async () => {
    expect((await table({ filter: { states: ["failed"] } })).total).toBe(runs / 5);
    expect((await table({ filter: { recipes: ["float16"] } })).total).toBe(3_333);
    expect((await table({ filter: { text: "INT8" } })).total).toBe(3_334);
    expect((await table({ filter: { text: "100%_" } })).total).toBe(3_333);
    expect((await table({ filter: { text: "0%_o" } })).total).toBe(3_333);
    expect((await table({ filter: { text: "float_6" } })).total).toBe(0);
    expect((await table({ filter: { text: "#77" } })).rows.map((row) => row.number)).toEqual([77]);
    expect((await table({ filter: { bounds: [{ metric: "m2", min: 100, max: 199 }] } })).total).toBe(100);
    expect((await table({ filter: { bounds: [{ metric: "m1", min: 0 }] } })).total).toBe(0);
  });

  it("reads a sorted page along the index, not by sorting all runs", async () => {
    const columns = Array.from({ length: 12 }, (_, index) => (index === 1 ? "m1@test" : `m${index}`));
    const inputs = [
      { sort: { by: "number" } },
      { sort: { by: "m3" } },
      { sort: { by: "m0", descending: true } },
      { sort: { by: "m3" }, filter: { states: ["failed"], bounds: [{ metric: "m4", max: 2_000 }] } },
    ];
    const times: number[] = [];
    for (let round = 0; round < 12; round++) {
      for (const input of inputs) {
        const start = performance.now();
        expect((await table({ ...input, columns })).rows).toHaveLength(50);
        if (round > 1) times.push(performance.now() - start);
      }
    }
    times.sort((a, b) => a - b);
    const [p50 = 0, p95 = 0] = [times[times.length >> 1], times[Math.floor(times.length * 0.95)]];
    console.info(
      `run table, ${runs} runs × ${metrics} metrics: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
    );
    // The goal, 100 ms, is the benchmark's to hold on a quiet machine; a scan of half a million rows takes far longer.
    expect(p50).toBeLessThan(500);
  });

  it("refuses a cursor that it did not make, and shows nothing of another organisation", async () => {
    await expect(table({ cursor: "nonsense" })).rejects.toMatchObject({ cause: { code: "invalidInput" } });
    const other = await organisation(database);
    const stranger = await person(database, other, "owner");
    await expect(
      stranger.api.experiment.runs({ org: other.slug, experimentId: experiment.id }),
    ).rejects.toThrow("notFound");
    await expect(
      stranger.api.experiment.runs({ org: org.slug, experimentId: experiment.id }),
    ).rejects.toThrow("notFound");
  });
});
