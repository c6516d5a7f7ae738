import {
  addRunsInput,
  createExperimentInput,
  experimentLiveInput,
  getExperimentInput,
  listExperimentsInput,
} from "#contracts/experiment.ts";
import { runTableInput } from "#contracts/run.ts";
import { experimentLive } from "#server/modules/experiment/live.ts";
import * as experiment from "#server/modules/experiment/service.ts";
import { table } from "#server/modules/run/table/service.ts";
import { organisationProcedure, router } from "../init.ts";
import { streamOf } from "../stream.ts";

export const experimentRouter = router({
  create: organisationProcedure("experiment.create")
    .input(createExperimentInput)
    .mutation(({ ctx, input }) => experiment.create(ctx.db, ctx.scope, input)),
  addRuns: organisationProcedure("experiment.create")
    .input(addRunsInput)
    .mutation(({ ctx, input }) => experiment.addRuns(ctx.db, ctx.scope, input)),
  list: organisationProcedure("experiment.read")
    .input(listExperimentsInput)
    .query(({ ctx, input }) => experiment.list(ctx.db, ctx.scope, input)),
  get: organisationProcedure("experiment.read")
    .input(getExperimentInput)
    .query(({ ctx, input }) => experiment.get(ctx.db, ctx.scope, input)),
  runs: organisationProcedure("experiment.read")
    .input(runTableInput)
    .query(({ ctx, input }) => table(ctx.db, ctx.scope, input)),
  live: organisationProcedure("experiment.read")
    .input(experimentLiveInput)
    .subscription(({ ctx, input, signal }) =>
      experimentLive(streamOf(ctx, "experiment.read", signal), input.experimentId, input.columns),
    ),
});
