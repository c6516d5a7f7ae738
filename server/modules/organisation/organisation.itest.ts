import { beforeAll, expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";
import { type Tenant, tenant } from "#server/testing/tenancy/world.ts";

const database = testDatabase();
let home: Tenant;

beforeAll(async () => {
  home = await tenant(database, "Home");
});

const settings = { name: "Home", kind: "company", pricePerCpuHour: 0.05, currency: "EUR" } as const;

it("takes a grid whose carbon factor is known, and refuses one that would count as another", async () => {
  const org = home.organisation.slug;
  const { api } = home.people.owner;
  await api.organisation.update({ org, ...settings, gridRegion: "NO" });
  await expect(api.organisation.update({ org, ...settings, gridRegion: "NOR" })).rejects.toMatchObject({
    cause: { code: "invalidInput", details: { fields: "gridRegion" } },
  });
  expect((await api.organisation.get({ org })).gridRegion).toBe("NO");
});
