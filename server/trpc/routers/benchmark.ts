import { createBenchmarkInput, leaderboardInput, submitInput, withdrawInput } from "#contracts/benchmark.ts";
import * as benchmark from "#server/modules/benchmark/service.ts";
import { organisationProcedure, publicProcedure, router } from "../init.ts";

export const benchmarkRouter = router({
  publicList: publicProcedure("benchmark.public").query(({ ctx }) => benchmark.list(ctx.db, undefined)),
  publicGet: publicProcedure("benchmark.public")
    .input(leaderboardInput)
    .query(({ ctx, input }) => benchmark.get(ctx.db, undefined, input)),
  list: organisationProcedure("benchmark.read").query(({ ctx }) => benchmark.list(ctx.db, ctx.scope)),
  get: organisationProcedure("benchmark.read")
    .input(leaderboardInput)
    .query(({ ctx, input }) => benchmark.get(ctx.db, ctx.scope, input)),
  create: organisationProcedure("benchmark.create")
    .input(createBenchmarkInput)
    .mutation(({ ctx, input }) => benchmark.create(ctx.db, ctx.scope, input)),
  submit: organisationProcedure("benchmark.submit")
    .input(submitInput)
    .mutation(({ ctx, input }) => benchmark.submit(ctx.db, ctx.scope, input)),
  withdraw: organisationProcedure("benchmark.submit")
    .input(withdrawInput)
    .mutation(({ ctx, input }) => benchmark.withdraw(ctx.db, ctx.scope, input.submissionId)),
});
