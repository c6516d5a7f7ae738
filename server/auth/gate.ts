import { AppError } from "#contracts/errors.ts";
import { allows, type OrganisationAction } from "#contracts/policy.ts";
import type { OrganisationScope, PersonalScope, ShareScope, WorkerScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";
import type { Session } from "./session.ts";
import { hashToken } from "./token.ts";

/**
 * The one gate. A scope can be had here and nowhere else; the casts below are where the proof is minted.
 */
export async function organisationScope(
  db: Tx,
  session: Session | undefined,
  organisationSlug: string,
  action: OrganisationAction,
): Promise<OrganisationScope> {
  if (!session) throw new AppError("unauthenticated");
  const membership = await db.membership.findFirst({
    where: { userId: session.userId, organisation: { slug: organisationSlug } },
    select: { role: true, organisationId: true },
  });
  // Who is not a member does not learn whether the organisation exists.
  if (!membership) throw new AppError("notFound");
  if (!allows(membership.role, action)) throw new AppError("forbidden", { action, role: membership.role });
  return {
    organisationId: membership.organisationId,
    organisationSlug,
    userId: session.userId,
    role: membership.role,
    action,
  } as OrganisationScope;
}

export function personalScope(session: Session | undefined): PersonalScope {
  if (!session) throw new AppError("unauthenticated");
  return { userId: session.userId, sessionId: session.sessionId } as PersonalScope;
}

/**
 * The scope in which a worker acts for a version that is being registered, a run or a stale upload: that of its row.
 * `notFound` where the row is gone, because a registration was rejected or a project removed.
 */
export async function workerScope(
  db: Tx,
  of: { readonly versionId: string } | { readonly runId: string } | { readonly uploadId: string },
): Promise<WorkerScope> {
  const select = { id: true, organisationId: true, projectId: true, createdById: true } as const;
  if ("runId" in of) return workerFor("run", await db.run.findUnique({ where: { id: of.runId }, select }));
  if ("uploadId" in of) {
    return workerFor("upload", await db.upload.findUnique({ where: { id: of.uploadId }, select }));
  }
  const where = { id: of.versionId };
  const model = await db.modelVersion.findUnique({ where, select });
  if (model) return workerFor("modelVersion", model);
  return workerFor("datasetVersion", await db.datasetVersion.findUnique({ where, select }));
}

function workerFor(
  subject: WorkerScope["subject"],
  row: { id: string; organisationId: string; projectId: string; createdById: string } | null,
): WorkerScope {
  if (!row) throw new AppError("notFound");
  const { id, organisationId, projectId, createdById } = row;
  return { organisationId, projectId, userId: createdById, subject, subjectId: id } as WorkerScope;
}

const active = () => ({ revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] });

const grantFields = {
  id: true,
  organisationId: true,
  subject: true,
  subjectId: true,
  canDownload: true,
  expiresAt: true,
} as const;

type GrantFields = {
  id: string;
  organisationId: string;
  subject: "run" | "experiment";
  subjectId: string;
  canDownload: boolean;
  expiresAt: Date | null;
};

function shareScope(grant: GrantFields | null): ShareScope {
  if (!grant) throw new AppError("linkInvalid");
  const { id, organisationId, subject, subjectId, canDownload, expiresAt } = grant;
  return {
    grantId: id,
    ownerOrganisationId: organisationId,
    subject,
    subjectId,
    canDownload,
    expiresAt,
  } as ShareScope;
}

/** Scope of a grant that was given to the scope's organisation, while it is neither revoked nor expired. */
export async function receivedShareScope(
  db: Tx,
  scope: OrganisationScope,
  grantId: string,
): Promise<ShareScope> {
  const where = { id: grantId, granteeOrganisationId: scope.organisationId, ...active() };
  return shareScope(await db.shareGrant.findFirst({ where, select: grantFields }));
}

/** Scope of a link's token, while it is neither revoked nor expired. */
export async function linkShareScope(db: Tx, token: string): Promise<ShareScope> {
  const where = { tokenHash: hashToken(token), ...active() };
  return shareScope(await db.shareGrant.findFirst({ where, select: grantFields }));
}
