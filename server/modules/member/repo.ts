import type { Role } from "#contracts/policy.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

export function list(tx: Tx, scope: OrganisationScope) {
  return tx.membership.findMany({
    where: { organisationId: scope.organisationId },
    select: { role: true, createdAt: true, userId: true, user: { select: { name: true, email: true } } },
    orderBy: [{ role: "asc" }, { user: { name: "asc" } }],
    take: 1_000,
  });
}

/** Locks all memberships of the organisation, so that two owners cannot leave at the same moment. */
export async function lockMembers(
  tx: Tx,
  scope: OrganisationScope,
): Promise<{ userId: string; role: Role }[]> {
  return tx.$queryRaw<{ userId: string; role: Role }[]>`
    select "userId", "role"::text as "role" from "membership"
    where "organisationId" = ${scope.organisationId}::uuid order by "userId" for update`;
}

export function setRole(tx: Tx, scope: OrganisationScope, userId: string, role: Role) {
  return tx.membership.update({
    where: { organisationId_userId: { organisationId: scope.organisationId, userId } },
    data: { role },
    select: { userId: true },
  });
}

export function remove(tx: Tx, scope: OrganisationScope, userId: string) {
  return tx.membership.delete({
    where: { organisationId_userId: { organisationId: scope.organisationId, userId } },
    select: { userId: true },
  });
}
