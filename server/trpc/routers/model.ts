import { buildModelInput, previewArchitectureInput } from "#contracts/architecture.ts";
import {
  listModelsInput,
  modelInput,
  modelStatusInput,
  modelVersionInput,
  registerModelInput,
  updateModelInput,
} from "#contracts/model.ts";
import { build, preview } from "#server/modules/model/build.ts";
import { lineage } from "#server/modules/model/lineage.ts";
import { register } from "#server/modules/model/registration.ts";
import * as model from "#server/modules/model/service.ts";
import { organisationProcedure, router } from "../init.ts";

export const modelRouter = router({
  list: organisationProcedure("model.read")
    .input(listModelsInput)
    .query(({ ctx, input }) => model.list(ctx.db, ctx.scope, input)),
  get: organisationProcedure("model.read")
    .input(modelInput)
    .query(({ ctx, input }) => model.get(ctx.db, ctx.scope, input.project, input.model)),
  version: organisationProcedure("model.read")
    .input(modelVersionInput)
    .query(({ ctx, input }) => model.version(ctx.db, ctx.scope, input.project, input.model, input.number)),
  lineage: organisationProcedure("model.read")
    .input(modelInput)
    .query(({ ctx, input }) => lineage(ctx.db, ctx.scope, input.project, input.model)),
  status: organisationProcedure("model.read")
    .input(modelStatusInput)
    .query(({ ctx, input }) => model.status(ctx.db, ctx.scope, input.versionId)),
  register: organisationProcedure("model.create")
    .input(registerModelInput)
    .mutation(({ ctx, input }) => register(ctx.db, ctx.scope, input)),
  preview: organisationProcedure("model.read")
    .input(previewArchitectureInput)
    .query(({ input }) => preview(input.architecture)),
  build: organisationProcedure("model.create")
    .input(buildModelInput)
    .mutation(({ ctx, input }) => build(ctx.db, ctx.scope, input)),
  update: organisationProcedure("model.update")
    .input(updateModelInput)
    .mutation(({ ctx, input }) => model.update(ctx.db, ctx.scope, input)),
});
