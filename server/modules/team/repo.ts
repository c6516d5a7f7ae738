import type { OrganisationScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

export function list(tx: Tx, scope: OrganisationScope) {
  return tx.team.findMany({
    where: { organisationId: scope.organisationId },
    select: { id: true, name: true, discipline: true, _count: { select: { projects: true } } },
    orderBy: { name: "asc" },
    take: 500,
  });
}

/** undefined where the name is taken in this organisation. */
export async function insert(tx: Tx, scope: OrganisationScope, data: { name: string; discipline: string }) {
  const made = await tx.team.createManyAndReturn({
    data: [{ ...data, organisationId: scope.organisationId }],
    skipDuplicates: true,
    select: { id: true },
  });
  return made[0];
}

export async function exists(tx: Tx, scope: OrganisationScope, id: string): Promise<boolean> {
  return (await tx.team.count({ where: { id, organisationId: scope.organisationId } })) === 1;
}
