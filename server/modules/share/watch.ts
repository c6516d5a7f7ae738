import type { ShareScope } from "#contracts/scope.ts";
import type { LiveHub } from "#server/live/hub.ts";
import { wakeUps } from "#server/live/stream.ts";

/**
 * Says `open` at once and whenever something of the grant changed, and ends with the error that a request would get
 * as soon as the grant is revoked or has expired. `check` mints the scope anew.
 */
export async function* watchGrant(
  hub: LiveHub,
  signal: AbortSignal,
  scope: ShareScope,
  check: () => Promise<unknown>,
): AsyncGenerator<{ state: "open" }> {
  const expiry = new AbortController();
  const wait = scope.expiresAt ? scope.expiresAt.getTime() - Date.now() : undefined;
  // setTimeout takes at most 2^31 − 1 milliseconds; a page open for longer asks again when it is next woken.
  const timer =
    wait === undefined ? undefined : setTimeout(() => expiry.abort(), Math.min(wait, 2 ** 31 - 1));
  try {
    const either = AbortSignal.any([signal, expiry.signal]);
    for await (const _ of wakeUps(
      hub,
      either,
      (message) => message.kind === "grant" && message.grantId === scope.grantId,
    )) {
      await check();
      yield { state: "open" };
    }
    if (!signal.aborted) await check();
  } finally {
    clearTimeout(timer);
  }
}
