import { AppError } from "#contracts/errors.ts";
import type { MemberRow } from "#contracts/organisation.ts";
import { mayAssign, type Role } from "#contracts/policy.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Db, Tx } from "#server/db/client.ts";
import * as repo from "./repo.ts";

export async function list(db: Db, scope: OrganisationScope): Promise<MemberRow[]> {
  const rows = await repo.list(db, scope);
  return rows.map((row) => ({
    userId: row.userId,
    name: row.user.name,
    email: row.user.email,
    role: row.role,
    since: row.createdAt,
  }));
}

/** The member's present role, after the checks that hold for every change: not above one's own, never the last owner. */
async function changeable(
  tx: Tx,
  scope: OrganisationScope,
  userId: string,
  staysOwner: boolean,
): Promise<Role> {
  const members = await repo.lockMembers(tx, scope);
  const member = members.find((row) => row.userId === userId);
  if (!member) throw new AppError("notFound");
  if (!mayAssign(scope.role, member.role))
    throw new AppError("forbidden", { action: scope.action, role: scope.role });
  const owners = members.filter((row) => row.role === "owner");
  if (member.role === "owner" && owners.length === 1 && !staysOwner) throw new AppError("lastOwner");
  return member.role;
}

export async function setRole(db: Db, scope: OrganisationScope, userId: string, role: Role): Promise<void> {
  if (!mayAssign(scope.role, role))
    throw new AppError("forbidden", { action: scope.action, role: scope.role });
  await db.$transaction(async (tx) => {
    await changeable(tx, scope, userId, role === "owner");
    await repo.setRole(tx, scope, userId, role);
  });
}

export async function remove(db: Db, scope: OrganisationScope, userId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await changeable(tx, scope, userId, false);
    await repo.remove(tx, scope, userId);
  });
}
