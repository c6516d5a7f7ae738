import type { ChildMessage, RunTask } from "#contracts/child.ts";
import { AppError } from "#contracts/errors.ts";
import type { Problem } from "#contracts/problem.ts";
import type { WorkerScope } from "#contracts/scope.ts";
import { workerScope } from "#server/auth/gate.ts";
import { problemOf, sayOfRun } from "#server/lib/log-line.ts";
import { storable } from "#server/lib/storable.ts";
import { log } from "#server/log/log.ts";
import type { Claim } from "#server/modules/run/execution/claim.ts";
import { claimRun } from "#server/modules/run/execution/service.ts";
import { type RunWork, workOf } from "#server/modules/run/task/service.ts";
import { artifactStore } from "#server/storage/current.ts";
import { untilAnswered } from "../away.ts";
import { checkpointFolder, removeCheckpoints } from "../checkpoints.ts";
import type { ChildExit } from "../child-end.ts";
import { startChild } from "../child-process.ts";
import type { WorkerContext } from "../context.ts";
import { Outbox } from "../outbox.ts";
import { usageSeries } from "../process-use.ts";
import { filePaths, withFolder } from "../task.ts";
import { endRun, failRun } from "./run-end.ts";

/** What a child said of how the run ended. */
export type Word = Extract<ChildMessage, { kind: "ran" | "failed" }>;

async function taskOf(
  context: WorkerContext,
  { runId }: Claim,
  work: RunWork,
  workFolder: string,
): Promise<RunTask> {
  const { model, teacher, dataset, label, recipe, isBaseline, protocol, seed } = work;
  return {
    kind: "run",
    modelPath: await artifactStore().path(model.sha256),
    recipe,
    isBaseline,
    teacherPath: teacher && (await artifactStore().path(teacher.sha256)),
    dataset: dataset && {
      manifest: dataset.manifest,
      digest: dataset.digest,
      files: await filePaths(dataset.files),
    },
    protocol,
    seed,
    workFolder,
    memoryBytes: context.limits.memoryBytes,
    checkpoints: {
      folder: checkpointFolder(context, runId),
      everySeconds: context.checkpointSeconds,
      subject: [model.sha256, teacher?.sha256 ?? "", dataset?.digest ?? ""],
    },
    label,
    measureLock: context.measureLock,
  };
}

interface Executed {
  readonly word: Word | undefined;
  readonly exit: ChildExit;
  /** True where all that the child said is in the database. */
  readonly written: boolean;
}

/** Runs the child and passes on what it says; the run is the worker's to end afterwards. */
async function execute(context: WorkerContext, claim: Claim, task: RunTask): Promise<Executed> {
  const { pool } = context.connection;
  let word: Word | undefined;
  const outbox = new Outbox(pool, claim, {
    onStale: () => child.stop("stale"),
    onFault: (error) => {
      log.error("what a child said could not be written", error, { run: claim.runId });
      child.stop("protocol");
    },
  });
  const child = startChild({
    task,
    limits: context.limits,
    folder: task.workFolder,
    onUse: usageSeries((points) => outbox.add(points)),
    onMessage: (message) => {
      if (message.kind === "ran" || message.kind === "failed") word = message;
      else outbox.add(message);
    },
  });
  context.active.set(claim.runId, { claim, child });
  const giveUp = () => outbox.abandon();
  context.ending.addEventListener("abort", giveUp);
  try {
    const exit = await child.exit;
    return { word, exit, written: await outbox.drain() };
  } finally {
    context.ending.removeEventListener("abort", giveUp);
    context.active.delete(claim.runId);
  }
}

async function perform(
  context: WorkerContext,
  claim: Claim,
  scope: WorkerScope,
  work: RunWork,
): Promise<void> {
  await withFolder(context, async (folder) => {
    const task = await taskOf(context, claim, work, folder);
    const { word, exit, written } = await execute(context, claim, task);
    await endRun(context, claim, { scope, work, word: word && cleaned(word), exit, written });
  });
  await removeCheckpoints(context).catch((error) =>
    log.warn("checkpoints of ended runs are still there", { error: String(error) }),
  );
}

/** Names in a model may hold what the database refuses. */
function cleaned(word: Word): Word {
  if (word.kind === "ran") return word;
  const { message, place } = word.problem;
  const made = storable({ message, place: place ?? "" });
  return {
    ...word,
    problem: { ...word.problem, message: String(made.message), ...(place && { place: String(made.place) }) },
  };
}

/** Takes a run, executes it and ends it. Another worker may have taken it before: then there is nothing to do. */
export async function executeRun(context: WorkerContext, runId: string): Promise<void> {
  const { connection, ending } = context;
  const ask = <T>(work: () => Promise<T>) => untilAnswered(work, ending);
  if (ending.aborted) return;
  let tries = 0;
  const worker = { id: context.id, hostName: context.hostName };
  const claim = await ask(() => claimRun(connection.pool, runId, worker, tries++ > 0));
  const key = `${runId} ${claim?.attempt}`;
  // A second job of the run, made during an outage, may find the claim of the first.
  if (!claim || context.held.has(key)) return;
  context.held.add(key);
  try {
    const scope = await ask(() => workerScope(connection.db, { runId }));
    const work = await ask(() => workOf(connection.db, scope));
    if (!work) return;
    if ("code" in work) return await failRun(context, claim, work);
    await perform(context, claim, scope, work);
  } catch (error) {
    if (ending.aborted) return;
    log.error("a run could not be executed", error, { run: runId });
    await failRun(context, claim, problemIn(error));
  } finally {
    context.held.delete(key);
  }
}

function problemIn(error: unknown): Problem {
  if (error instanceof AppError && error.code === "notFound") {
    return problemOf("notReady", sayOfRun("log.fileGone"));
  }
  return problemOf("internal", sayOfRun("log.ownFault"));
}
