import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { roles } from "#contracts/policy.ts";
import { testDatabase } from "#server/testing/database.ts";
import { unlistedTables } from "#server/testing/tenancy/digest.ts";
import { type Finding, Probe, type Samples } from "#server/testing/tenancy/probe.ts";
import { samples } from "#server/testing/tenancy/samples.ts";
import { type Tenant, tenant } from "#server/testing/tenancy/world.ts";
import { organisationProcedure, router } from "./init.ts";
import { appRouter } from "./root.ts";

const database = testDatabase();
let victim: Tenant;
let other: Tenant;

beforeAll(async () => {
  victim = await tenant(database, "Victim");
  other = await tenant(database, "Other");
});

it("knows every table and every procedure", async () => {
  expect(await unlistedTables(database)).toEqual([]);
  expect(new Probe(appRouter, samples, database).missing()).toEqual([]);
});

describe("one policy table", () => {
  for (const role of roles) {
    it(`lets a ${role} do exactly what it says`, async () => {
      const findings: Finding[] = [];
      const probe = new Probe(appRouter, samples, database);
      for (const [path, { _def }] of probe.procedures) {
        // A change is tried on a tenant of its own, so that one does not take the ground from under the next.
        const home = _def.type === "mutation" ? await tenant(database, "Home") : victim;
        findings.push(...(await probe.atHome(path, home, role)));
      }
      expect(findings).toEqual([]);
    });
  }
});

it("keeps every organisation's data from everybody else, for reading and for writing", async () => {
  const probe = new Probe(appRouter, samples, database);
  const findings: Finding[] = [];
  for (const [path] of probe.procedures) findings.push(...(await probe.fromOutside(path, victim, other)));
  expect(findings).toEqual([]);
});

describe("planted leaks are found", () => {
  it("by reading, by writing, and through an ungated door", async () => {
    const leaky = router({
      // Looks a row up by its ID alone.
      read: organisationProcedure("model.read")
        .input(z.object({ modelId: z.uuid() }))
        .query(({ ctx, input }) =>
          ctx.db.model.findUnique({ where: { id: input.modelId }, select: { projectId: true } }),
        ),
      // Writes by ID alone.
      write: organisationProcedure("model.update")
        .input(z.object({ modelId: z.uuid() }))
        .mutation(async ({ ctx, input }) => {
          await ctx.db.model.updateMany({ where: { id: input.modelId }, data: { name: "changed" } });
        }),
      // Lists everything.
      list: organisationProcedure("model.read").query(({ ctx }) =>
        ctx.db.model.findMany({ select: { id: true } }),
      ),
    });
    const inputs: Samples = {
      read: (of) => ({ modelId: of.modelId }),
      write: (of) => ({ modelId: of.modelId }),
      list: (of) => ({ hint: of.organisation.slug }),
    };
    const probe = new Probe(leaky, inputs, database);
    const found = async (path: string) =>
      (await probe.fromOutside(path, await tenant(database, "Planted"), other)).map(
        (finding) => finding.what,
      );
    expect((await found("read")).join()).toContain("foreign ID");
    expect((await found("write")).join()).toContain("rows of model changed");
    expect((await found("list")).join()).toContain("foreign ID");
    expect(new Probe(leaky, {}, database).missing()).toEqual(["read", "write", "list"]);
  });
});
