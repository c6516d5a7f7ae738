import type { TenantScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";
import * as repo from "./repo.ts";

/** Name by user ID; an account that no longer exists has the empty name. */
export async function namesOf(
  tx: Tx,
  scope: TenantScope,
  ids: Iterable<string>,
): Promise<(userId: string) => string> {
  const rows = await repo.findNames(tx, scope, [...new Set(ids)]);
  const names = new Map(rows.map((row) => [row.id, row.name]));
  return (userId) => names.get(userId) ?? "";
}
