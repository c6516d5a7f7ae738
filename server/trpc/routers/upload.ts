import { listUploadsInput, uploadInput } from "#contracts/upload.ts";
import * as upload from "#server/modules/upload/service.ts";
import { watch } from "#server/modules/upload/watch.ts";
import { organisationProcedure, router } from "../init.ts";
import { streamOf } from "../stream.ts";

/** Uploads themselves arrive at a route of their own (server/entry/upload.ts). */
export const uploadRouter = router({
  list: organisationProcedure("upload.read")
    .input(listUploadsInput)
    .query(({ ctx, input }) => upload.list(ctx.db, ctx.scope, input.project)),
  get: organisationProcedure("upload.read")
    .input(uploadInput)
    .query(({ ctx, input }) => upload.get(ctx.db, ctx.scope, input.id)),
  limit: organisationProcedure("upload.read").query(() => upload.limit()),
  dismiss: organisationProcedure("upload.create")
    .input(uploadInput)
    .mutation(({ ctx, input }) => upload.dismiss(ctx.db, ctx.scope, input.id)),
  watch: organisationProcedure("upload.read")
    .input(listUploadsInput)
    .subscription(async function* ({ ctx, input, signal }) {
      yield* watch(streamOf(ctx, "upload.read", signal), input.project);
    }),
});
