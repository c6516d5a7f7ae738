import type { OrganisationScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

/** Runs with the measurements that are stated as a change against the baseline. */
export function runs(tx: Tx, scope: OrganisationScope, runIds: string[]) {
  return tx.run.findMany({
    where: { id: { in: runIds }, organisationId: scope.organisationId },
    select: {
      id: true,
      number: true,
      recipeName: true,
      experimentId: true,
      teacher: { select: { number: true, model: { select: { slug: true, name: true } } } },
      experiment: { select: { number: true } },
      measurements: { where: { deltaValue: { not: null } }, orderBy: [{ name: "asc" }, { split: "asc" }] },
    },
  });
}
