import { beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "#server/testing/database.ts";
import { apiAs } from "#server/testing/people.ts";
import { foreignMarks } from "#server/testing/tenancy/probe.ts";
import { type Tenant, tenant } from "#server/testing/tenancy/world.ts";
import { wire } from "#server/trpc/wire.ts";

const database = testDatabase();
let giver: Tenant;
let grantee: Tenant;
let stranger: Tenant;

beforeAll(async () => {
  giver = await tenant(database, "Giver");
  grantee = await tenant(database, "Grantee");
  stranger = await tenant(database, "Stranger");
});

async function shareExperiment(canDownload = false) {
  const { id } = await giver.people.researcher.api.share.create({
    org: giver.organisation.slug,
    subject: "experiment",
    subjectId: giver.experimentId,
    audience: { kind: "organisation", slug: grantee.organisation.slug },
    canDownload,
    days: 7,
  });
  return id;
}

async function shareRunByLink(days: 7 | null = 7) {
  const made = await giver.people.owner.api.share.create({
    org: giver.organisation.slug,
    subject: "run",
    subjectId: giver.runId,
    audience: { kind: "link" },
    canDownload: false,
    days,
  });
  return { id: made.id, token: made.token ?? "" };
}

describe("sharing with an organisation", () => {
  it("shows its members the experiment, and nobody else", async () => {
    const grantId = await shareExperiment();
    const org = grantee.organisation.slug;
    const view = await grantee.people.viewer.api.shared.open({ org, grantId });
    expect(view.runs.map((run) => run.recipeName)).toEqual(["baseline", "float16"]);
    expect(view.runs[1]?.measurements.map((m) => m.name)).toContain("quality/top1");
    await expect(
      stranger.people.owner.api.shared.open({ org: stranger.organisation.slug, grantId }),
    ).rejects.toThrow("linkInvalid");
    const listed = await grantee.people.viewer.api.shared.list({ org });
    expect(listed.find((row) => row.id === grantId)?.title).toContain("Question");
    expect(
      (await stranger.people.owner.api.shared.list({ org: stranger.organisation.slug })).map((row) => row.id),
    ).not.toContain(grantId);
  });

  it("gives away no ID that leads above or beside what is shared", async () => {
    const grantId = await shareExperiment();
    const view = await grantee.people.owner.api.shared.open({ org: grantee.organisation.slug, grantId });
    const text = wire.serialize(view);
    expect(foreignMarks(giver).filter((mark) => mark !== grantId && text.includes(mark))).toEqual([]);
    // What the grant is for cannot be reached by its owner's addresses either.
    await expect(
      grantee.people.owner.api.run.get({ org: giver.organisation.slug, runId: giver.runId }),
    ).rejects.toThrow("notFound");
  });

  it("is not possible to oneself, to nobody, or of somebody else's run", async () => {
    const create = (by: Tenant, slug: string) =>
      by.people.owner.api.share.create({
        org: by.organisation.slug,
        subject: "run",
        subjectId: giver.runId,
        audience: { kind: "organisation", slug },
        canDownload: false,
        days: null,
      });
    await expect(create(giver, giver.organisation.slug)).rejects.toThrow("notFound");
    await expect(create(giver, "no-such-organisation")).rejects.toThrow("notFound");
    await expect(create(stranger, grantee.organisation.slug)).rejects.toThrow("notFound");
  });
});

describe("sharing by a link", () => {
  it("opens exactly one run without sign-in", async () => {
    const { token } = await shareRunByLink();
    const view = await apiAs(undefined).link.open({ token });
    expect(view.runs).toHaveLength(1);
    expect(view.canDownload).toBe(false);
    expect(view.runs[0]?.downloadBytes).toBeNull();
    await expect(apiAs(undefined).link.open({ token: `${token.slice(0, -2)}xx` })).rejects.toThrow(
      "linkInvalid",
    );
  });

  it("keeps only the hash of the token", async () => {
    const { id, token } = await shareRunByLink();
    const row = await database.db.shareGrant.findUniqueOrThrow({ where: { id } });
    expect(row.tokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(token);
    const listed = await giver.people.viewer.api.share.list({ org: giver.organisation.slug });
    expect(wire.serialize(listed)).not.toContain(token);
  });

  it("ends when it expires", async () => {
    const { id, token } = await shareRunByLink();
    await database.db.shareGrant.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(apiAs(undefined).link.open({ token })).rejects.toThrow("linkInvalid");
    const listed = await giver.people.owner.api.share.list({ org: giver.organisation.slug });
    expect(listed.find((row) => row.id === id)?.state).toBe("expired");
  });
});

describe("revoking", () => {
  it("closes an open page of a link and of a grantee", async () => {
    const { id, token } = await shareRunByLink(null);
    const grantId = await shareExperiment();
    const byLink = (await apiAs(undefined).link.watch({ token }))[Symbol.asyncIterator]();
    const byGrant = (
      await grantee.people.viewer.api.shared.watch({ org: grantee.organisation.slug, grantId })
    )[Symbol.asyncIterator]();
    expect((await byLink.next()).value).toEqual({ state: "open" });
    expect((await byGrant.next()).value).toEqual({ state: "open" });
    const closings = [byLink, byGrant].map((stream) => expect(stream.next()).rejects.toThrow("linkInvalid"));
    for (const which of [id, grantId]) {
      await giver.people.researcher.api.share.revoke({ org: giver.organisation.slug, grantId: which });
    }
    await Promise.all(closings);
    await expect(apiAs(undefined).link.open({ token })).rejects.toThrow("linkInvalid");
    await expect(
      giver.people.owner.api.share.revoke({ org: giver.organisation.slug, grantId: id }),
    ).rejects.toThrow("notFound");
  });

  it("closes an open page when the grant expires while it is open", async () => {
    const { id, token } = await shareRunByLink();
    await database.db.shareGrant.update({ where: { id }, data: { expiresAt: new Date(Date.now() + 400) } });
    const stream = (await apiAs(undefined).link.watch({ token }))[Symbol.asyncIterator]();
    expect((await stream.next()).value).toEqual({ state: "open" });
    await expect(stream.next()).rejects.toThrow("linkInvalid");
  });
});
