import type { OrganisationScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

const row = {
  id: true,
  slug: true,
  name: true,
  question: true,
  team: { select: { name: true } },
  _count: {
    select: {
      models: true,
      datasets: true,
      recipes: { where: { archivedAt: null } },
      experiments: true,
      notes: true,
    },
  },
} as const;

export function list(tx: Tx, scope: OrganisationScope) {
  return tx.project.findMany({
    where: { organisationId: scope.organisationId },
    select: row,
    orderBy: { name: "asc" },
    take: 500,
  });
}

export function findBySlug(tx: Tx, scope: OrganisationScope, slug: string) {
  return tx.project.findFirst({ where: { organisationId: scope.organisationId, slug }, select: row });
}

export async function insert(
  tx: Tx,
  scope: OrganisationScope,
  data: { teamId: string; slug: string; name: string; question: string },
) {
  const made = await tx.project.createManyAndReturn({
    data: [{ ...data, organisationId: scope.organisationId }],
    skipDuplicates: true,
    select: { id: true, slug: true },
  });
  return made[0];
}

export async function update(
  tx: Tx,
  scope: OrganisationScope,
  slug: string,
  data: { name: string; question: string },
): Promise<boolean> {
  const done = await tx.project.updateMany({ where: { organisationId: scope.organisationId, slug }, data });
  return done.count === 1;
}
