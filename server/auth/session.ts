import type { Tx } from "#server/db/client.ts";
import { notify } from "#server/live/notify.ts";

/** Who is asking: a signed-in person and the session row that proves it. */
export interface Session {
  readonly userId: string;
  readonly sessionId: string;
}

export const sessionDays = 30;
/** `lastSeenAt` is written at most this often, so that reading costs no write. */
const touchAfterMs = 60_000;

export async function openSession(
  db: Tx,
  userId: string,
  about: { userAgent: string; ip: string },
): Promise<string> {
  const row = await db.session.create({
    data: {
      userId,
      userAgent: about.userAgent.slice(0, 300),
      ip: about.ip.slice(0, 60),
      expiresAt: new Date(Date.now() + sessionDays * 86_400_000),
    },
    select: { id: true },
  });
  return row.id;
}

/** The session if its row still stands; undefined when it was revoked, has expired or never was. */
export async function checkSession(db: Tx, sessionId: string): Promise<Session | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(sessionId)) return undefined;
  const row = await db.session.findUnique({
    where: { id: sessionId },
    select: { id: true, userId: true, revokedAt: true, expiresAt: true, lastSeenAt: true },
  });
  const now = Date.now();
  if (!row || row.revokedAt || row.expiresAt.getTime() <= now) return undefined;
  if (now - row.lastSeenAt.getTime() > touchAfterMs) {
    await db.session.updateMany({ where: { id: row.id }, data: { lastSeenAt: new Date(now) } });
  }
  return { userId: row.userId, sessionId: row.id };
}

/** Ends sessions of one person (all, or all but one, or one) and closes their open streams. Returns how many. */
export async function revokeSessions(
  tx: Tx,
  userId: string,
  which: { only?: string; except?: string } = {},
): Promise<number> {
  const rows = await tx.session.findMany({
    where: {
      userId,
      revokedAt: null,
      ...(which.only !== undefined && { id: which.only }),
      ...(which.except !== undefined && { id: { not: which.except } }),
    },
    select: { id: true },
  });
  await tx.session.updateMany({
    where: { id: { in: rows.map((row) => row.id) } },
    data: { revokedAt: new Date() },
  });
  for (const { id } of rows) await notify(tx, { kind: "session", sessionId: id });
  return rows.length;
}

/** Ends one session, whoever's it is: the holder of its token signs out. Its open streams close. */
export async function endSession(db: Tx, sessionId: string): Promise<void> {
  const row = await checkSession(db, sessionId);
  if (row) await revokeSessions(db, row.userId, { only: row.sessionId });
}
