import type { PersonalScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

/** Makes an account; undefined where the address has one. The first account of an installation operates it. */
export async function insertUser(
  tx: Tx,
  user: { email: string; name: string; passwordHash: string; locale: string },
): Promise<{ id: string } | undefined> {
  const isOperator = (await tx.user.count()) === 0;
  const made = await tx.user.createManyAndReturn({
    data: [{ ...user, isOperator }],
    skipDuplicates: true,
    select: { id: true },
  });
  return made[0];
}

export function findUserByEmail(tx: Tx, email: string) {
  return tx.user.findUnique({
    where: { email },
    select: { id: true, name: true, locale: true, email: true },
  });
}

export function findOwn(tx: Tx, scope: PersonalScope) {
  return tx.user.findUniqueOrThrow({ where: { id: scope.userId } });
}

export function updateOwn(
  tx: Tx,
  scope: PersonalScope,
  data: { name?: string; locale?: string; passwordHash?: string },
) {
  return tx.user.update({ where: { id: scope.userId }, data, select: { id: true } });
}

export function listOwnSessions(tx: Tx, scope: PersonalScope) {
  return tx.session.findMany({
    where: { userId: scope.userId, revokedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { lastSeenAt: "desc" },
    take: 100,
  });
}

export function insertReset(tx: Tx, userId: string, tokenHash: string, expiresAt: Date) {
  return tx.passwordReset.create({ data: { tokenHash, userId, expiresAt } });
}

/** Uses a reset up: true for exactly one caller, and only in time. */
export async function useReset(tx: Tx, tokenHash: string): Promise<string | undefined> {
  const now = new Date();
  const used = await tx.passwordReset.updateManyAndReturn({
    where: { tokenHash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
    select: { userId: true },
  });
  return used[0]?.userId;
}

export function setPassword(tx: Tx, userId: string, passwordHash: string) {
  return tx.user.update({ where: { id: userId }, data: { passwordHash }, select: { id: true } });
}
