import { z } from "zod";
import {
  createOrganisationInput,
  createTeamInput,
  inviteInput,
  setRoleInput,
  updateOrganisationInput,
} from "#contracts/organisation.ts";
import * as invitation from "#server/modules/invitation/service.ts";
import * as member from "#server/modules/member/service.ts";
import * as organisation from "#server/modules/organisation/service.ts";
import * as team from "#server/modules/team/service.ts";
import { organisationProcedure, personalProcedure, publicProcedure, router } from "../init.ts";

export const organisationRouter = router({
  list: personalProcedure("account.read").query(({ ctx }) => organisation.listOwn(ctx.db, ctx.scope)),
  create: personalProcedure("organisation.create")
    .input(createOrganisationInput)
    .mutation(({ ctx, input }) => organisation.create(ctx.db, ctx.scope, input)),
  get: organisationProcedure("organisation.read").query(({ ctx }) => organisation.get(ctx.db, ctx.scope)),
  update: organisationProcedure("organisation.update")
    .input(updateOrganisationInput)
    .mutation(({ ctx, input: { org: _org, ...data } }) => organisation.update(ctx.db, ctx.scope, data)),
});

export const memberRouter = router({
  list: organisationProcedure("member.read").query(({ ctx }) => member.list(ctx.db, ctx.scope)),
  setRole: organisationProcedure("member.update")
    .input(setRoleInput)
    .mutation(({ ctx, input }) => member.setRole(ctx.db, ctx.scope, input.userId, input.role)),
  remove: organisationProcedure("member.remove")
    .input(z.object({ userId: z.uuid() }))
    .mutation(({ ctx, input }) => member.remove(ctx.db, ctx.scope, input.userId)),
});

const token = z.object({ token: z.string().min(20).max(100) });

export const invitationRouter = router({
  list: organisationProcedure("invitation.read").query(({ ctx }) => invitation.list(ctx.db, ctx.scope)),
  create: organisationProcedure("invitation.create")
    .input(inviteInput)
    .mutation(({ ctx, input }) => invitation.create(ctx.db, ctx.scope, input)),
  revoke: organisationProcedure("invitation.revoke")
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => invitation.revoke(ctx.db, ctx.scope, input.id)),
  preview: publicProcedure("invitation.preview")
    .input(token)
    .query(({ ctx, input }) => invitation.preview(ctx.db, ctx.ip, input.token)),
  accept: personalProcedure("invitation.accept")
    .input(token)
    .mutation(({ ctx, input }) => invitation.accept(ctx.db, ctx.scope, input.token)),
});

export const teamRouter = router({
  list: organisationProcedure("team.read").query(({ ctx }) => team.list(ctx.db, ctx.scope)),
  create: organisationProcedure("team.create")
    .input(createTeamInput)
    .mutation(({ ctx, input }) =>
      team.create(ctx.db, ctx.scope, { name: input.name, discipline: input.discipline }),
    ),
});
