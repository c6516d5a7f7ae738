import { beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";
import { apiAs } from "#server/testing/people.ts";
import { type Tenant, tenant } from "#server/testing/tenancy/world.ts";

const database = testDatabase();
let keeper: Tenant;
let other: Tenant;

beforeAll(async () => {
  keeper = await tenant(database, "Keeper");
  other = await tenant(database, "Other");
});

async function board(isPublic: boolean): Promise<string> {
  const { slug } = await keeper.people.researcher.api.benchmark.create({
    org: keeper.organisation.slug,
    name: "Small and right",
    description: "",
    baselineRunId: keeper.baselineRunId,
    qualityMetric: "quality/top1",
    isPublic,
  });
  return slug;
}

describe("a board", () => {
  it("ranks entries of several organisations and shows the baseline unranked", async () => {
    const benchmark = await board(true);
    for (const [entrant, title] of [
      [keeper, "ours"],
      [other, "theirs"],
    ] as const) {
      const org = entrant.organisation.slug;
      await entrant.people.researcher.api.benchmark.submit({ org, benchmark, runId: entrant.runId, title });
    }
    const shown = await apiAs(undefined).benchmark.publicGet({ benchmark });
    expect(shown.entries.map(({ title, rank, tied }) => ({ title, rank, tied }))).toEqual([
      { title: "ours", rank: 1, tied: true },
      { title: "theirs", rank: 1, tied: true },
      { title: "baseline", rank: "baseline", tied: false },
    ]);
    expect(shown.entries[0]?.values["quality/top1"]?.interval).toMatchObject({ low: 0.88, high: 0.92 });
    expect(shown.tier).toBe("metered");
  });

  it("does not tell what an entrant's own baseline reached, which nobody submitted", async () => {
    const benchmark = await board(true);
    await database.db.measurement.updateMany({
      where: { runId: other.runId },
      data: { deltaValue: -0.01, deltaPercent: -1.1, deltaLow: -0.02, deltaHigh: 0, deltaMethod: "paired" },
    });
    const org = other.organisation.slug;
    const { api } = other.people.researcher;
    await api.benchmark.submit({ org, benchmark, runId: other.runId, title: "theirs" });
    const shown = await apiAs(undefined).benchmark.publicGet({ benchmark });
    const values = shown.entries.flatMap((entry) => Object.values(entry.values));
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(value.baselineDelta).toBeNull();
  });

  it("keeps the values of the moment of submission", async () => {
    const benchmark = await board(true);
    const org = keeper.organisation.slug;
    await keeper.people.researcher.api.benchmark.submit({
      org,
      benchmark,
      runId: keeper.runId,
      title: "frozen",
    });
    await database.db.measurement.updateMany({
      where: { runId: keeper.runId },
      data: { value: 0.1, low: 0.1, high: 0.1 },
    });
    const shown = await apiAs(undefined).benchmark.publicGet({ benchmark });
    expect(shown.entries.find((entry) => entry.title === "frozen")?.values["quality/top1"]?.value).toBe(0.9);
    await database.db.measurement.updateMany({
      where: { runId: keeper.runId },
      data: { value: 0.9, low: 0.88, high: 0.92 },
    });
  });

  it("refuses runs measured on other data, and a second entry of the same run", async () => {
    const benchmark = await board(true);
    const entry = { org: other.organisation.slug, benchmark, runId: other.runId, title: "x" };
    const api = other.people.researcher.api;
    await database.db.measurement.updateMany({
      where: { runId: other.runId },
      data: { qualityKey: "f".repeat(64) },
    });
    await expect(api.benchmark.submit(entry)).rejects.toThrow("notComparable");
    await database.db.measurement.updateMany({
      where: { runId: other.runId },
      data: {
        qualityKey: (await database.db.measurement.findFirstOrThrow({ where: { runId: keeper.runId } }))
          .qualityKey,
      },
    });
    const { id } = await api.benchmark.submit(entry);
    await expect(api.benchmark.submit(entry)).rejects.toThrow("conflict");
    await api.benchmark.withdraw({ org: entry.org, submissionId: id });
    const titles = async () =>
      (await api.benchmark.get({ org: entry.org, benchmark })).entries.map((row) => row.title);
    expect(await titles()).toEqual(["baseline"]);
    await api.benchmark.submit({ ...entry, title: "again" });
    expect(await titles()).toEqual(["again", "baseline"]);
  });

  it("is hidden from others unless it is public", async () => {
    const benchmark = await board(false);
    await expect(apiAs(undefined).benchmark.publicGet({ benchmark })).rejects.toThrow("notFound");
    const org = other.organisation.slug;
    await expect(other.people.owner.api.benchmark.get({ org, benchmark })).rejects.toThrow("notFound");
    await expect(
      other.people.owner.api.benchmark.submit({ org, benchmark, runId: other.runId, title: "x" }),
    ).rejects.toThrow("notFound");
  });

  it("begins with a baseline run that has the metric", async () => {
    const input = { org: keeper.organisation.slug, name: "N", description: "", isPublic: false };
    const api = keeper.people.researcher.api;
    const metric = { qualityMetric: "quality/top1" };
    await expect(api.benchmark.create({ ...input, ...metric, baselineRunId: keeper.runId })).rejects.toThrow(
      "notComparable",
    );
    await expect(
      api.benchmark.create({ ...input, qualityMetric: "quality/rmse", baselineRunId: keeper.baselineRunId }),
    ).rejects.toThrow("notComparable");
  });
});
