import type { TenantScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

/** Names of people whose IDs stand in rows of the scope's organisation; who has left it keeps their name there. */
export function findNames(tx: Tx, _scope: TenantScope, ids: string[]) {
  return tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
}
