import { AppError } from "#contracts/errors.ts";
import type { OrganisationAction } from "#contracts/policy.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { organisationScope } from "#server/auth/gate.ts";
import { checkSession, type Session } from "#server/auth/session.ts";
import { db } from "#server/db/client.ts";
import { liveHub } from "#server/live/hub.ts";

/** Between two looks at the session while nothing is heard: it may have expired, or a notification been lost. */
const recheckMs = 10_000;

export interface LastingPermission {
  readonly scope: OrganisationScope;
  /** Aborts, with the error as its reason, as soon as the person may no longer do it. */
  readonly signal: AbortSignal;
  /** Asks now; throws where the person may no longer do it. */
  readonly recheck: () => Promise<void>;
  end(): void;
}

/** A permission for something that takes long: the session and the role are looked at again and again. */
export async function lastingPermission(
  session: Session | undefined,
  org: string,
  action: OrganisationAction,
): Promise<LastingPermission> {
  const scope = await organisationScope(db(), session, org, action);
  const abort = new AbortController();
  const recheck = async () => {
    const still = session && (await checkSession(db(), session.sessionId));
    await organisationScope(db(), still, org, action);
  };
  const look = () =>
    recheck().catch((error: unknown) => {
      // A database that is away for a moment says nothing about the permission.
      if (error instanceof AppError) abort.abort(error);
    });
  const unsubscribe = liveHub().subscribe((message) => {
    const isOwn = message.kind === "session" && message.sessionId === session?.sessionId;
    if (isOwn || message.kind === "reconnected") void look();
  });
  const timer = setInterval(() => void look(), recheckMs);
  return {
    scope,
    signal: abort.signal,
    recheck,
    end: () => {
      clearInterval(timer);
      unsubscribe();
    },
  };
}
