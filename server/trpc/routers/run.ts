import { tracked } from "@trpc/server";
import { z } from "zod";
import { compareInput, examplesInput, logInput, pointsInput, runId } from "#contracts/run.ts";
import { compare, examples } from "#server/modules/run/examples/service.ts";
import { runLive } from "#server/modules/run/live/service.ts";
import { points } from "#server/modules/run/points/service.ts";
import * as run from "#server/modules/run/service.ts";
import { organisationProcedure, router } from "../init.ts";
import { streamOf } from "../stream.ts";

/** The client sends back the last ID that it saw; it may be anything. */
const resume = runId.extend({ lastEventId: z.string().max(20).nullish(), after: z.int().min(0).default(0) });

const seqOf = (input: z.output<typeof resume>) =>
  /^\d{1,9}$/.test(input.lastEventId ?? "") ? Number(input.lastEventId) : input.after;

export const runRouter = router({
  get: organisationProcedure("run.read")
    .input(runId)
    .query(({ ctx, input }) => run.get(ctx.db, ctx.scope, input.runId)),
  log: organisationProcedure("run.read")
    .input(logInput)
    .query(({ ctx, input }) => run.log(ctx.db, ctx.scope, input)),
  points: organisationProcedure("run.read")
    .input(pointsInput)
    .query(({ ctx, input }) => points(ctx.db, ctx.scope, input)),
  examples: organisationProcedure("run.read")
    .input(examplesInput)
    .query(({ ctx, input }) => examples(ctx.db, ctx.scope, input)),
  compare: organisationProcedure("run.read")
    .input(compareInput)
    .query(({ ctx, input }) => compare(ctx.db, ctx.scope, input)),
  cancel: organisationProcedure("run.control")
    .input(runId)
    .mutation(({ ctx, input }) => run.cancel(ctx.db, ctx.scope, input.runId)),
  retry: organisationProcedure("run.control")
    .input(runId)
    .mutation(({ ctx, input }) => run.retry(ctx.db, ctx.scope, input.runId)),
  live: organisationProcedure("run.read")
    .input(resume)
    .subscription(async function* ({ ctx, input, signal }) {
      const stream = streamOf(ctx, "run.read", signal);
      for await (const { seq, message } of runLive(stream, input.runId, seqOf(input))) {
        yield tracked(String(seq), message);
      }
    }),
});
