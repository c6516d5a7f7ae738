import type { ChildMessage, ChildTask } from "#contracts/child.ts";
import { AppError } from "#contracts/errors.ts";
import type { Problem } from "#contracts/problem.ts";
import type { WorkerScope } from "#contracts/scope.ts";
import { workerScope } from "#server/auth/gate.ts";
import type { Db } from "#server/db/client.ts";
import type { JobContext } from "#server/queue/work.ts";
import { untilAnswered } from "../away.ts";
import { explainExit } from "../child-end.ts";
import type { WorkerContext } from "../context.ts";
import { noteFault, runToEnd, withFolder } from "../task.ts";

/** A check of an uploaded file: what to do, and what to make of the child's answer. */
export interface Check {
  /**
   * Undefined where there is nothing to do (any more).
   *
   * @param folder where the child may write; removed afterwards
   */
  readonly task: (db: Db, scope: WorkerScope, folder: string) => Promise<ChildTask | undefined>;
  /** Keeps the answer hoped for; undefined where this is another one. */
  readonly accept: (db: Db, scope: WorkerScope, answer: ChildMessage) => (() => Promise<unknown>) | undefined;
  readonly reject: (db: Db, scope: WorkerScope, problem: Problem) => Promise<unknown>;
}

/** The row's scope; undefined where the row is gone. */
export async function scopeOf(db: Db, versionId: string): Promise<WorkerScope | undefined> {
  try {
    return await workerScope(db, { versionId });
  } catch (error) {
    if (error instanceof AppError && error.code === "notFound") return undefined;
    throw error;
  }
}

/**
 * Checks an uploaded file in a child. Whatever lies in the file rejects it, crashes of the child too; what came from
 * outside is left to the queue, which hands the job out again.
 */
export async function register(
  context: WorkerContext,
  versionId: string,
  check: Check,
  { isLastTry }: JobContext,
): Promise<void> {
  const { connection, ending } = context;
  const { db } = connection;
  const ask = <T>(work: () => Promise<T>) => untilAnswered(work, ending);
  const scope = await ask(() => scopeOf(db, versionId));
  if (!scope) return;
  await withFolder(context, async (folder) => {
    const task = await ask(() => check.task(db, scope, folder));
    if (!task) return;
    const { last, exit } = await runToEnd(context, folder, task);
    const accepted = last && check.accept(db, scope, last);
    if (accepted) {
      try {
        await ask(accepted);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "storeFull") throw error;
        const problem = { code: "storeFull", message: "There is no space for the converted model" };
        await ask(() => check.reject(db, scope, problem));
      }
    } else if (last?.kind === "failed") {
      noteFault(last.problem, exit);
      await ask(() => check.reject(db, scope, last.problem));
    } else {
      const { problem, transient } = explainExit(exit, context.checkLimits);
      const again = exit.stopped === "shutdown" || (transient && !isLastTry);
      if (again) throw new Error(problem.message);
      await ask(() => check.reject(db, scope, problem));
    }
  });
}
