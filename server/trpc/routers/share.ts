import { z } from "zod";
import { createShareInput, grantInput, linkInput, subjectInput } from "#contracts/share.ts";
import { linkShareScope, organisationScope, receivedShareScope } from "#server/auth/gate.ts";
import { consume } from "#server/auth/rate-limit.ts";
import * as share from "#server/modules/share/service.ts";
import { view } from "#server/modules/share/view.ts";
import { watchGrant } from "#server/modules/share/watch.ts";
import { organisationProcedure, publicProcedure, router } from "../init.ts";

/** What an organisation shares with others. */
export const shareRouter = router({
  create: organisationProcedure("share.create")
    .input(createShareInput)
    .mutation(({ ctx, input }) => share.create(ctx.db, ctx.scope, input)),
  list: organisationProcedure("share.read")
    .input(z.object({ of: subjectInput.optional() }))
    .query(({ ctx, input }) => share.list(ctx.db, ctx.scope, input.of)),
  revoke: organisationProcedure("share.revoke")
    .input(grantInput)
    .mutation(({ ctx, input }) => share.revoke(ctx.db, ctx.scope, input.grantId)),
});

/** What others share with an organisation. */
export const sharedRouter = router({
  list: organisationProcedure("shared.read").query(({ ctx }) => share.received(ctx.db, ctx.scope)),
  open: organisationProcedure("shared.read")
    .input(grantInput)
    .query(async ({ ctx, input }) =>
      view(ctx.db, await receivedShareScope(ctx.db, ctx.scope, input.grantId)),
    ),
  watch: organisationProcedure("shared.read")
    .input(grantInput)
    .subscription(async function* ({ ctx, input, signal }) {
      const check = async () =>
        receivedShareScope(
          ctx.db,
          await organisationScope(ctx.db, ctx.session, input.org, "shared.read"),
          input.grantId,
        );
      yield* watchGrant(ctx.hub(), signal ?? new AbortController().signal, await check(), check);
    }),
});

/** What a link without sign-in opens. */
export const linkRouter = router({
  open: publicProcedure("link.read")
    .input(linkInput)
    .query(async ({ ctx, input }) => {
      await consume("link", ctx.ip);
      return view(ctx.db, await linkShareScope(ctx.db, input.token));
    }),
  watch: publicProcedure("link.read")
    .input(linkInput)
    .subscription(async function* ({ ctx, input, signal }) {
      const check = () => linkShareScope(ctx.db, input.token);
      yield* watchGrant(ctx.hub(), signal ?? new AbortController().signal, await check(), check);
    }),
});
