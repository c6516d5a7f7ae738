import type { z } from "zod";
import type { updateOrganisationInput } from "#contracts/organisation.ts";
import type { OrganisationScope, PersonalScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

/** Makes an organisation with its first owner; undefined where the slug is taken. */
export async function insertOrganisation(
  tx: Tx,
  scope: PersonalScope,
  data: { slug: string; name: string; kind: string },
) {
  const made = await tx.organisation.createManyAndReturn({
    data: [data],
    skipDuplicates: true,
    select: { id: true, slug: true },
  });
  const organisation = made[0];
  if (!organisation) return undefined;
  await tx.membership.create({
    data: { organisationId: organisation.id, userId: scope.userId, role: "owner" },
  });
  return organisation;
}

export function listOwn(tx: Tx, scope: PersonalScope) {
  return tx.membership.findMany({
    where: { userId: scope.userId },
    select: { role: true, organisation: { select: { slug: true, name: true, kind: true } } },
    orderBy: { organisation: { name: "asc" } },
    take: 200,
  });
}

export function find(tx: Tx, scope: OrganisationScope) {
  return tx.organisation.findUniqueOrThrow({ where: { id: scope.organisationId } });
}

export function update(tx: Tx, scope: OrganisationScope, data: z.output<typeof updateOrganisationInput>) {
  return tx.organisation.update({ where: { id: scope.organisationId }, data, select: { id: true } });
}
