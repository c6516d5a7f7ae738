import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type { logInput, RunDetail, RunLogLine } from "#contracts/run.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { recipeSchema } from "#engine/recipe.schema.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { logLine, sayOfRun } from "#server/lib/log-line.ts";
import { notify } from "#server/live/notify.ts";
import { measurementsOf } from "#server/modules/measurement/service.ts";
import { isUntrained } from "#server/modules/model/service.ts";
import * as repo from "./repo.ts";
import { reportOf, toLine, toRow } from "./rows.ts";
import { attemptsPerRetry, canTake } from "./state.ts";
import { requestCancel } from "./step/repo.ts";
import { step } from "./step/service.ts";

export { activeIds } from "./repo.ts";

/** The run of that ID in the scope's organisation; `notFound` otherwise. */
export async function requireRun(tx: Tx, scope: OrganisationScope, id: string): Promise<repo.FoundRun> {
  const found = await repo.find(tx, scope.organisationId, id);
  if (!found) throw new AppError("notFound");
  return found;
}

/** Everything about a run that the caller's scope has found. */
export async function detailOf(tx: Tx, organisationId: string, found: repo.FoundRun): Promise<RunDetail> {
  const [measurements, series, output, worker] = await Promise.all([
    measurementsOf(tx, organisationId, [found.id]),
    repo.series(tx, found.id),
    repo.outputVersion(tx, organisationId, found.id),
    found.workerId ? repo.worker(tx, found.workerId) : null,
  ]);
  const { values: _, ...row } = toRow(found, {});
  const { experiment } = found;
  const measured = found.isBaseline ? experiment.modelVersionId : output?.id;
  return {
    id: row.id,
    experimentId: row.experimentId,
    number: row.number,
    isBaseline: row.isBaseline,
    recipeName: row.recipeName,
    state: row.state,
    attempt: row.attempt,
    maxAttempts: row.maxAttempts,
    cancelRequested: row.cancelRequested,
    progress: row.progress,
    problem: row.problem,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    experimentNumber: experiment.number,
    question: experiment.question,
    recipe: recipeSchema.parse(found.recipe),
    recipeOrigin: found.recipeVersion && {
      ...found.recipeVersion.recipe,
      number: found.recipeVersion.number,
    },
    report: reportOf(found.report),
    lastSeq: found.lastSeq,
    baselineRunId: experiment.runs[0]?.id ?? null,
    modelVersionId: experiment.modelVersionId,
    datasetVersionId: experiment.datasetVersionId,
    teacherVersionId: found.teacherVersionId,
    overlapUnknown:
      experiment.datasetVersionId !== null && experiment.modelVersion.model.trainingData.trim() === "",
    isUntrained: measured !== undefined && (await isUntrained(tx, organisationId, measured)),
    outputVersionId: output?.id ?? null,
    worker,
    measurements: measurements.get(found.id) ?? [],
    series,
  };
}

export async function get(db: Db, scope: OrganisationScope, runId: string): Promise<RunDetail> {
  return detailOf(db, scope.organisationId, await requireRun(db, scope, runId));
}

export async function log(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof logInput>,
): Promise<RunLogLine[]> {
  await requireRun(db, scope, input.runId);
  return (await repo.events(db, input.runId, input.after, input.limit)).map(toLine);
}

/** Ends a queued run at once, and asks the worker to end a running one. */
export async function cancel(db: Db, scope: OrganisationScope, runId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const run = await repo.place(tx, scope, runId);
    if (!run) throw new AppError("notFound");
    const line = logLine("info", sayOfRun("log.cancelledEarly"));
    if (await step(tx, { runId }, "withdraw", { line })) return;
    if (await requestCancel(tx, runId)) {
      await notify(tx, { kind: "cancel", runId });
      await notify(tx, { kind: "run", runId, experimentId: run.experimentId, projectId: run.projectId });
      return;
    }
    const now = await repo.place(tx, scope, runId);
    // Asking twice is no error; a run that has ended cannot be cancelled.
    if (now?.state !== "running") throw new AppError("runEnded");
  });
}

/** Puts a run that failed or was cancelled into the queue again. */
export async function retry(db: Db, scope: OrganisationScope, runId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const run = await repo.place(tx, scope, runId);
    if (!run) throw new AppError("notFound");
    const line = logLine("info", sayOfRun("log.queuedAgain"));
    const change = { newAttempt: true, moreAttempts: attemptsPerRetry, problem: null, report: null, line };
    if (await step(tx, { runId }, "retry", change)) return;
    throw new AppError(canTake(run.state, "stop") || run.state === "queued" ? "runActive" : "runEnded");
  });
}
