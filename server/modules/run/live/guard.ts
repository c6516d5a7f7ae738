import { AppError } from "#contracts/errors.ts";
import type { OrganisationAction } from "#contracts/policy.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { organisationScope } from "#server/auth/gate.ts";
import { checkSession, type Session } from "#server/auth/session.ts";
import type { Db } from "#server/db/client.ts";
import type { LiveHub, LiveMessage } from "#server/live/hub.ts";
import { wakeUps } from "#server/live/stream.ts";

export interface StreamContext {
  readonly db: Db;
  readonly hub: LiveHub;
  readonly session: Session | undefined;
  readonly scope: OrganisationScope;
  readonly action: OrganisationAction;
  readonly signal: AbortSignal;
}

/** A membership that ended, or a role that changed, closes a stream at its next message after this time. */
const recheckMs = 3_000;
/** Messages that come closer together are sent as one. */
const calmMs = 100;

/**
 * Wake-ups for a subscription, which ends (with the error that a request would get) when its session is revoked or
 * its gate would no longer let it in.
 */
export async function* guardedWakeUps(
  context: StreamContext,
  wanted: (message: LiveMessage) => boolean,
): AsyncGenerator<void> {
  const { db, hub, session, scope, signal } = context;
  let revoked = false;
  let checkedAt = Date.now();
  const check = async () => {
    const standing = session && (await checkSession(db, session.sessionId));
    if (!standing) throw new AppError("unauthenticated");
    await organisationScope(db, standing, scope.organisationSlug, context.action);
    checkedAt = Date.now();
  };
  const concerns = (message: LiveMessage) => {
    if (message.kind !== "session") return wanted(message);
    if (message.sessionId !== session?.sessionId) return false;
    revoked = true;
    return true;
  };
  for await (const _ of wakeUps(hub, signal, concerns)) {
    if (revoked || Date.now() - checkedAt > recheckMs) await check();
    revoked = false;
    yield;
    await rest(calmMs, signal);
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
