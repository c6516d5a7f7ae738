import { z } from "zod";
import { createProjectInput, updateProjectInput } from "#contracts/organisation.ts";
import { slug } from "#contracts/slug.ts";
import * as project from "#server/modules/project/service.ts";
import { organisationProcedure, router } from "../init.ts";

export const projectRouter = router({
  list: organisationProcedure("project.read").query(({ ctx }) => project.listProjects(ctx.db, ctx.scope)),
  get: organisationProcedure("project.read")
    .input(z.object({ project: slug }))
    .query(({ ctx, input }) => project.requireProject(ctx.db, ctx.scope, input.project)),
  create: organisationProcedure("project.create")
    .input(createProjectInput)
    .mutation(({ ctx, input: { org: _org, ...data } }) => project.create(ctx.db, ctx.scope, data)),
  update: organisationProcedure("project.update")
    .input(updateProjectInput.extend({ project: slug }))
    .mutation(({ ctx, input: { org: _org, project: at, ...data } }) =>
      project.update(ctx.db, ctx.scope, at, data),
    ),
});
