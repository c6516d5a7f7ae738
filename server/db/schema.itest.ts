import { expect, it } from "vitest";
import { Prisma } from "#prisma/generated/client.ts";
import { testDatabase } from "#server/testing/database.ts";
import { migrate } from "./migrate.ts";
import { schemaDifference } from "./schema-snapshot.ts";

const database = testDatabase();

it("has a migration for every change of the schema files", async () => {
  expect(await schemaDifference(database.url)).toBe("");
});

it("migrates to tables that the client can read in full", async () => {
  for (const model of Object.values(Prisma.ModelName)) {
    const delegate = `${model[0]?.toLowerCase()}${model.slice(1)}` as "user";
    await expect(database.db[delegate].findMany({ take: 1 }), model).resolves.toEqual([]);
  }
});

it("applies nothing twice", async () => {
  expect(await migrate(database.url)).toEqual([]);
});

it("partitions the points", async () => {
  const { rows } = await database.pool.query<{ n: number }>(
    `select count(*)::int as n from pg_inherits where inhparent = 'metric_point'::regclass`,
  );
  expect(rows[0]?.n).toBe(16);
});

it("refuses measurements without an honest interval or tier", async () => {
  const insert = (tier: string, kind: string, low: number | null, high: number | null) =>
    database.pool.query(
      `insert into "measurement" ("runId","name","organisationId","projectId","attempt","value","unit","intervalKind","low","high","level","n","tier","method","scope","conditions")
       values (gen_random_uuid(),'x',gen_random_uuid(),gen_random_uuid(),1,1,'1',$2,$3,$4,0.95,1,$1,'','','{}')`,
      [tier, kind, low, high],
    );
  await expect(insert("guessed", "exact", null, null)).rejects.toThrow("measurement_tier");
  await expect(insert("metered", "interval", 2, 1)).rejects.toThrow("measurement_interval");
  await expect(insert("metered", "exact", 1, 2)).rejects.toThrow("measurement_interval");
});
