import { initTRPC } from "@trpc/server";
import { z } from "zod";
import type { Action, OrganisationAction, PersonalAction, PublicAction } from "#contracts/policy.ts";
import { slug } from "#contracts/slug.ts";
import { organisationScope, personalScope } from "#server/auth/gate.ts";
import type { Context } from "./context.ts";
import { errorBody, toTrpcError } from "./errors.ts";
import { wire } from "./wire.ts";

/** Each procedure states its action; a test walks the router and fails on one without. */
export interface Meta {
  readonly policy: Action;
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer: wire,
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
    errorFormatter: ({ shape, error, ctx }) => ({
      message: shape.message,
      code: shape.code,
      data: { httpStatus: shape.data.httpStatus, app: errorBody(error, ctx?.requestId ?? "") },
    }),
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const mapped = t.procedure.use(async ({ ctx, next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error, ctx.requestId);
  return result;
});

/** For anybody; guarded by a rate limit or a secret link in its service. */
export function publicProcedure(policy: PublicAction) {
  return mapped.meta({ policy });
}

/** For a signed-in person, about themselves. */
export function personalProcedure(policy: PersonalAction) {
  return mapped.meta({ policy }).use(({ ctx, next }) => next({ ctx: { scope: personalScope(ctx.session) } }));
}

/** For a member whose role allows the action in the organisation named by `org`. */
export function organisationProcedure(policy: OrganisationAction) {
  return mapped
    .meta({ policy })
    .input(z.object({ org: slug }))
    .use(async ({ ctx, input, next }) =>
      next({ ctx: { scope: await organisationScope(ctx.db, ctx.session, input.org, policy) } }),
    );
}
