import { AppError } from "#contracts/errors.ts";
import { localeOf } from "#contracts/locale.ts";
import { hashPassword } from "#server/auth/password.ts";
import { consume } from "#server/auth/rate-limit.ts";
import { revokeSessions } from "#server/auth/session.ts";
import { hashToken, newToken } from "#server/auth/token.ts";
import type { Db } from "#server/db/client.ts";
import { env } from "#server/env.ts";
import { sendMail } from "#server/mail/send.ts";
import { mailText } from "#server/mail/texts.ts";
import * as repo from "./repo.ts";

const validMinutes = 60;

/** Address of this installation as people reach it. */
export function publicUrl(): string {
  return env().PARSIMONY_URL ?? `http://localhost:${env().PORT}`;
}

/**
 * Sends a link with which a new password can be set. Says the same whether or not the address has an account.
 */
export async function requestReset(db: Db, ip: string, email: string): Promise<void> {
  await consume("reset", ip);
  await consume("reset", email);
  const user = await repo.findUserByEmail(db, email);
  if (!user) return;
  const { token, hash } = newToken();
  await repo.insertReset(db, user.id, hash, new Date(Date.now() + validMinutes * 60_000));
  const text = mailText(localeOf(user.locale)).reset(
    user.name,
    `${publicUrl()}/reset/${token}`,
    validMinutes,
  );
  await sendMail({ to: user.email, ...text });
}

/** Sets the new password, uses the link up and ends all sessions of the account. */
export async function reset(db: Db, ip: string, token: string, password: string): Promise<void> {
  await consume("link", ip);
  const passwordHash = await hashPassword(password);
  await db.$transaction(async (tx) => {
    const userId = await repo.useReset(tx, hashToken(token));
    if (!userId) throw new AppError("linkInvalid");
    await repo.setPassword(tx, userId, passwordHash);
    await revokeSessions(tx, userId);
  });
}
