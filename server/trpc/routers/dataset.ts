import {
  datasetInput,
  datasetStatusInput,
  datasetVersionInput,
  listDatasetsInput,
  registerDatasetInput,
  suggestManifestInput,
  updateDatasetInput,
} from "#contracts/dataset.ts";
import { register } from "#server/modules/dataset/registration.ts";
import * as dataset from "#server/modules/dataset/service.ts";
import { suggest } from "#server/modules/dataset/suggest/service.ts";
import { organisationProcedure, router } from "../init.ts";

/** No procedure changes a version: it is immutable. */
export const datasetRouter = router({
  list: organisationProcedure("dataset.read")
    .input(listDatasetsInput)
    .query(({ ctx, input }) => dataset.list(ctx.db, ctx.scope, input)),
  get: organisationProcedure("dataset.read")
    .input(datasetInput)
    .query(({ ctx, input }) => dataset.get(ctx.db, ctx.scope, input.project, input.dataset)),
  version: organisationProcedure("dataset.read")
    .input(datasetVersionInput)
    .query(({ ctx, input }) =>
      dataset.version(ctx.db, ctx.scope, input.project, input.dataset, input.number),
    ),
  status: organisationProcedure("dataset.read")
    .input(datasetStatusInput)
    .query(({ ctx, input }) => dataset.status(ctx.db, ctx.scope, input.versionId)),
  // Changes nothing, but its input is too long for an address.
  suggest: organisationProcedure("dataset.create")
    .input(suggestManifestInput)
    .mutation(({ ctx, input }) => suggest(ctx.db, ctx.scope, input)),
  register: organisationProcedure("dataset.create")
    .input(registerDatasetInput)
    .mutation(({ ctx, input }) => register(ctx.db, ctx.scope, input)),
  update: organisationProcedure("dataset.update")
    .input(updateDatasetInput)
    .mutation(({ ctx, input }) => dataset.update(ctx.db, ctx.scope, input)),
});
