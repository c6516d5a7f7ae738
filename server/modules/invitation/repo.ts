import type { Role } from "#contracts/policy.ts";
import type { OrganisationScope, PersonalScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

const open = () => ({ acceptedAt: null, revokedAt: null, expiresAt: { gt: new Date() } });

export function insert(
  tx: Tx,
  scope: OrganisationScope,
  data: { tokenHash: string; role: Role; email: string; expiresAt: Date },
) {
  return tx.invitation.create({
    data: { ...data, organisationId: scope.organisationId, createdById: scope.userId },
    select: { id: true },
  });
}

export function listOpen(tx: Tx, scope: OrganisationScope) {
  return tx.invitation.findMany({
    where: { organisationId: scope.organisationId, ...open() },
    select: { id: true, role: true, email: true, expiresAt: true, createdAt: true },
    orderBy: { createdAt: "desc" },
    take: 200,
  });
}

export async function revoke(tx: Tx, scope: OrganisationScope, id: string): Promise<boolean> {
  const done = await tx.invitation.updateMany({
    where: { id, organisationId: scope.organisationId, ...open() },
    data: { revokedAt: new Date() },
  });
  return done.count === 1;
}

/** Whoever holds the token may see where it leads: the token is the permission. */
export function findByToken(tx: Tx, tokenHash: string) {
  return tx.invitation.findFirst({
    where: { tokenHash, ...open() },
    select: {
      id: true,
      role: true,
      email: true,
      expiresAt: true,
      organisationId: true,
      organisation: { select: { slug: true, name: true } },
    },
  });
}

/** Uses the invitation up: true for exactly one caller. */
export async function accept(tx: Tx, scope: PersonalScope, id: string): Promise<boolean> {
  const done = await tx.invitation.updateMany({
    where: { id, ...open() },
    data: { acceptedAt: new Date(), acceptedById: scope.userId },
  });
  return done.count === 1;
}

/** False where the person is a member already. */
export async function join(
  tx: Tx,
  scope: PersonalScope,
  organisationId: string,
  role: Role,
): Promise<boolean> {
  const done = await tx.membership.createMany({
    data: [{ organisationId, userId: scope.userId, role }],
    skipDuplicates: true,
  });
  return done.count === 1;
}

export function emailOf(tx: Tx, scope: PersonalScope) {
  return tx.user.findUniqueOrThrow({ where: { id: scope.userId }, select: { email: true } });
}
