import type { z } from "zod";
import type {
  changePasswordInput,
  Me,
  SessionRow,
  signUpInput,
  updateProfileInput,
} from "#contracts/account.ts";
import { AppError } from "#contracts/errors.ts";
import type { PersonalScope } from "#contracts/scope.ts";
import { hashPassword, verifyPassword } from "#server/auth/password.ts";
import { consume } from "#server/auth/rate-limit.ts";
import { revokeSessions } from "#server/auth/session.ts";
import type { Db } from "#server/db/client.ts";
import { mailFolder, mailLeaves } from "#server/mail/send.ts";
import * as repo from "./repo.ts";

export async function signUp(
  db: Db,
  ip: string,
  input: z.output<typeof signUpInput>,
): Promise<{ id: string }> {
  await consume("signUp", ip);
  const { password, ...user } = input;
  const made = await repo.insertUser(db, { ...user, passwordHash: await hashPassword(password) });
  if (!made) throw new AppError("emailTaken");
  return made;
}

export async function me(db: Db, scope: PersonalScope): Promise<Me> {
  const { id, email, name, locale, isOperator } = await repo.findOwn(db, scope);
  return {
    id,
    email,
    name,
    locale,
    isOperator,
    mailFolder: isOperator && !mailLeaves() ? mailFolder() : null,
  };
}

export async function updateProfile(
  db: Db,
  scope: PersonalScope,
  input: z.output<typeof updateProfileInput>,
) {
  await repo.updateOwn(db, scope, input);
}

/** Ends every other session with the old password. */
export async function changePassword(
  db: Db,
  scope: PersonalScope,
  input: z.output<typeof changePasswordInput>,
) {
  await consume("signIn", `change ${scope.userId}`);
  const own = await repo.findOwn(db, scope);
  if (!(await verifyPassword(own.passwordHash, input.current))) throw new AppError("wrongCredentials");
  const passwordHash = await hashPassword(input.password);
  await db.$transaction(async (tx) => {
    await repo.updateOwn(tx, scope, { passwordHash });
    await revokeSessions(tx, scope.userId);
  });
}

export async function sessions(db: Db, scope: PersonalScope): Promise<SessionRow[]> {
  const rows = await repo.listOwnSessions(db, scope);
  return rows.map(({ id, userAgent, ip, createdAt, lastSeenAt }) => ({
    id,
    userAgent,
    ip,
    createdAt,
    lastSeenAt,
    isCurrent: id === scope.sessionId,
  }));
}

export async function revokeSession(db: Db, scope: PersonalScope, sessionId: string): Promise<void> {
  const ended = await db.$transaction((tx) => revokeSessions(tx, scope.userId, { only: sessionId }));
  if (ended === 0) throw new AppError("notFound");
}

export async function revokeOtherSessions(db: Db, scope: PersonalScope): Promise<{ ended: number }> {
  return {
    ended: await db.$transaction((tx) => revokeSessions(tx, scope.userId, { except: scope.sessionId })),
  };
}
