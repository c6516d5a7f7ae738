import type { OrganisationScope, ShareScope } from "#contracts/scope.ts";
import type { ShareSubject } from "#contracts/share.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "#server/db/client.ts";

const row = {
  id: true,
  organisationId: true,
  subject: true,
  subjectId: true,
  granteeOrganisationId: true,
  canDownload: true,
  createdById: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
} as const satisfies Prisma.ShareGrantSelect;

/** True where the run or experiment is of the scope's organisation. */
export async function ownsSubject(
  tx: Tx,
  scope: OrganisationScope,
  subject: ShareSubject,
  id: string,
): Promise<boolean> {
  const where = { id, organisationId: scope.organisationId };
  return (subject === "run" ? await tx.run.count({ where }) : await tx.experiment.count({ where })) === 1;
}

export function findOrganisation(tx: Tx, slug: string) {
  return tx.organisation.findUnique({ where: { slug }, select: { id: true } });
}

export function insert(
  tx: Tx,
  scope: OrganisationScope,
  data: Omit<Prisma.ShareGrantUncheckedCreateInput, "organisationId" | "createdById">,
) {
  return tx.shareGrant.create({
    data: { ...data, organisationId: scope.organisationId, createdById: scope.userId },
    select: { id: true },
  });
}

export function listGiven(
  tx: Tx,
  scope: OrganisationScope,
  subject?: { subject: ShareSubject; subjectId: string },
) {
  return tx.shareGrant.findMany({
    where: { organisationId: scope.organisationId, ...subject },
    select: row,
    orderBy: { createdAt: "desc" },
    take: 500,
  });
}

export function listReceived(tx: Tx, scope: OrganisationScope) {
  return tx.shareGrant.findMany({
    where: {
      granteeOrganisationId: scope.organisationId,
      revokedAt: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
    },
    select: row,
    orderBy: { createdAt: "desc" },
    take: 500,
  });
}

/** True where this call revoked it; false where it was over already or is another organisation's. */
export async function revoke(tx: Tx, scope: OrganisationScope, id: string): Promise<boolean> {
  const done = await tx.shareGrant.updateMany({
    where: { id, organisationId: scope.organisationId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return done.count === 1;
}

export async function organisationNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.organisation.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function userNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.user.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Titles of what is shared, by the subject's ID. */
export async function titles(
  tx: Tx,
  grants: readonly { subject: ShareSubject; subjectId: string }[],
): Promise<Map<string, string>> {
  const ids = (subject: ShareSubject) =>
    grants.filter((grant) => grant.subject === subject).map((grant) => grant.subjectId);
  const [experiments, runs] = await Promise.all([
    tx.experiment.findMany({
      where: { id: { in: ids("experiment") } },
      select: { id: true, question: true },
    }),
    tx.run.findMany({
      where: { id: { in: ids("run") } },
      select: { id: true, recipeName: true, experiment: { select: { question: true } } },
    }),
  ]);
  return new Map([
    ...experiments.map(({ id, question }) => [id, question] as const),
    ...runs.map(({ id, recipeName, experiment }) => [id, `${experiment.question} · ${recipeName}`] as const),
  ]);
}

/** The runs that a grant covers, and the names around them. Every filter is the grant's own subject. */
export async function sharedRuns(tx: Tx, scope: ShareScope) {
  const where: Prisma.RunWhereInput =
    scope.subject === "run" ? { id: scope.subjectId } : { experimentId: scope.subjectId };
  return tx.run.findMany({
    where: { ...where, organisationId: scope.ownerOrganisationId },
    select: {
      id: true,
      number: true,
      recipeName: true,
      isBaseline: true,
      state: true,
      endedAt: true,
      report: true,
      experiment: {
        select: {
          question: true,
          modelVersion: { select: { number: true, bytes: true, model: { select: { name: true } } } },
          datasetVersion: { select: { number: true, dataset: { select: { name: true } } } },
        },
      },
    },
    orderBy: { number: "asc" },
    take: 500,
  });
}

/** Size of each run's resulting model, by run. */
export async function outputs(tx: Tx, scope: ShareScope, runIds: readonly string[]) {
  const rows = await tx.modelVersion.findMany({
    where: { runId: { in: [...runIds] }, organisationId: scope.ownerOrganisationId, state: "ready" },
    select: { runId: true, bytes: true, sha256: true, fileName: true },
  });
  return new Map(rows.map((version) => [version.runId ?? "", version]));
}
