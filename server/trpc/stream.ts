import type { OrganisationAction } from "#contracts/policy.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { StreamContext } from "#server/modules/run/live/guard.ts";
import type { Context } from "./context.ts";

/** What a subscription needs to keep checking that it may go on. */
export function streamOf(
  ctx: Context & { readonly scope: OrganisationScope },
  action: OrganisationAction,
  signal: AbortSignal | undefined,
): StreamContext {
  const { db, session, scope } = ctx;
  return { db, hub: ctx.hub(), session, scope, action, signal: signal ?? new AbortController().signal };
}
