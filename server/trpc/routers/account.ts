import { z } from "zod";
import {
  changePasswordInput,
  resetInput,
  resetRequestInput,
  signUpInput,
  updateProfileInput,
} from "#contracts/account.ts";
import { requestReset, reset } from "#server/modules/account/reset.ts";
import * as account from "#server/modules/account/service.ts";
import { personalProcedure, publicProcedure, router } from "../init.ts";

export const accountRouter = router({
  signUp: publicProcedure("account.signUp")
    .input(signUpInput)
    .mutation(({ ctx, input }) => account.signUp(ctx.db, ctx.ip, input)),
  requestReset: publicProcedure("account.reset")
    .input(resetRequestInput)
    .mutation(({ ctx, input }) => requestReset(ctx.db, ctx.ip, input.email)),
  reset: publicProcedure("account.reset")
    .input(resetInput)
    .mutation(({ ctx, input }) => reset(ctx.db, ctx.ip, input.token, input.password)),
  me: personalProcedure("account.read").query(({ ctx }) => account.me(ctx.db, ctx.scope)),
  update: personalProcedure("account.update")
    .input(updateProfileInput)
    .mutation(({ ctx, input }) => account.updateProfile(ctx.db, ctx.scope, input)),
  changePassword: personalProcedure("account.update")
    .input(changePasswordInput)
    .mutation(({ ctx, input }) => account.changePassword(ctx.db, ctx.scope, input)),
  sessions: personalProcedure("account.read").query(({ ctx }) => account.sessions(ctx.db, ctx.scope)),
  revokeSession: personalProcedure("account.update")
    .input(z.object({ sessionId: z.uuid() }))
    .mutation(({ ctx, input }) => account.revokeSession(ctx.db, ctx.scope, input.sessionId)),
  revokeOtherSessions: personalProcedure("account.update").mutation(({ ctx }) =>
    account.revokeOtherSessions(ctx.db, ctx.scope),
  ),
});
