import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { createShareInput, GrantRow, ReceivedGrant, subjectInput } from "#contracts/share.ts";
import { newToken } from "#server/auth/token.ts";
import type { Db } from "#server/db/client.ts";
import { notify } from "#server/live/notify.ts";
import * as repo from "./repo.ts";

const dayMs = 86_400_000;

/** Makes a grant. The token of a link is shown once: only its hash is kept. */
export async function create(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof createShareInput>,
): Promise<{ id: string; token: string | null }> {
  const { subject, subjectId, audience, canDownload, days } = input;
  if (!(await repo.ownsSubject(db, scope, subject, subjectId))) throw new AppError("notFound");
  const expiresAt = days === null ? null : new Date(Date.now() + days * dayMs);
  if (audience.kind === "link") {
    const { token, hash } = newToken();
    const { id } = await repo.insert(db, scope, {
      subject,
      subjectId,
      canDownload,
      expiresAt,
      tokenHash: hash,
    });
    return { id, token };
  }
  const grantee = await repo.findOrganisation(db, audience.slug);
  if (!grantee || grantee.id === scope.organisationId) throw new AppError("notFound");
  const granteeOrganisationId = grantee.id;
  const { id } = await repo.insert(db, scope, {
    subject,
    subjectId,
    canDownload,
    expiresAt,
    granteeOrganisationId,
  });
  return { id, token: null };
}

export async function list(
  db: Db,
  scope: OrganisationScope,
  subject: z.output<typeof subjectInput> | undefined,
): Promise<GrantRow[]> {
  const rows = await repo.listGiven(db, scope, subject);
  const [organisations, people] = await Promise.all([
    repo.organisationNames(
      db,
      rows.flatMap((row) => row.granteeOrganisationId ?? []),
    ),
    repo.userNames(
      db,
      rows.map((row) => row.createdById),
    ),
  ]);
  return rows.map(({ granteeOrganisationId, createdById, organisationId: _, revokedAt, ...row }) => ({
    ...row,
    audience: granteeOrganisationId
      ? { kind: "organisation", name: organisations.get(granteeOrganisationId) ?? "" }
      : { kind: "link" },
    createdBy: people.get(createdById) ?? "",
    state: revokedAt
      ? "revoked"
      : row.expiresAt && row.expiresAt.getTime() <= Date.now()
        ? "expired"
        : "active",
  }));
}

/** Ends the grant at once; pages that show it close. */
export async function revoke(db: Db, scope: OrganisationScope, grantId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    if (!(await repo.revoke(tx, scope, grantId))) throw new AppError("notFound");
    await notify(tx, { kind: "grant", grantId });
  });
}

/** What others share with the scope's organisation, newest first. */
export async function received(db: Db, scope: OrganisationScope): Promise<ReceivedGrant[]> {
  const rows = await repo.listReceived(db, scope);
  const [names, titles] = await Promise.all([
    repo.organisationNames(
      db,
      rows.map((row) => row.organisationId),
    ),
    repo.titles(db, rows),
  ]);
  return rows.map((row) => ({
    id: row.id,
    subject: row.subject,
    title: titles.get(row.subjectId) ?? "",
    from: names.get(row.organisationId) ?? "",
    canDownload: row.canDownload,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  }));
}
