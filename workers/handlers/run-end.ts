import type { ChildMessage } from "#contracts/child.ts";
import { AppError } from "#contracts/errors.ts";
import { type Problem, saidBy } from "#contracts/problem.ts";
import { runReportSchema } from "#contracts/run.ts";
import type { WorkerScope } from "#contracts/scope.ts";
import type { Said } from "#engine/remarks/remark.schema.ts";
import { logLine, problemOf, sayOfRun } from "#server/lib/log-line.ts";
import { storable } from "#server/lib/storable.ts";
import { registerRunOutput } from "#server/modules/model/output.ts";
import type { Claim, Conclusion, WriteOutcome } from "#server/modules/run/execution/claim.ts";
import { conclude, giveBack, loseAttempt } from "#server/modules/run/step/service.ts";
import type { RunWork } from "#server/modules/run/task/service.ts";
import { untilAnswered } from "../away.ts";
import { type ChildExit, explainExit } from "../child-end.ts";
import type { WorkerContext } from "../context.ts";
import { storeFile } from "../store-file.ts";
import { noteFault } from "../task.ts";
import type { Word } from "./run.ts";

export interface Outcome {
  readonly scope: WorkerScope;
  readonly work: RunWork;
  readonly word: Word | undefined;
  readonly exit: ChildExit;
  readonly written: boolean;
}

const say = (level: "info" | "warn" | "error", said: Said): Conclusion["line"] => logLine(level, said);

const failure = (problem: Problem): Conclusion => ({
  problem,
  report: null,
  line: say("error", saidBy(problem)),
});

export async function failRun(context: WorkerContext, claim: Claim, problem: Problem): Promise<void> {
  await untilAnswered(() => conclude(context.connection.db, claim, "fail", failure(problem)), context.ending);
}

/** Ends the run as its child, or the child's end, tells. Repeated until the database has answered. */
export async function endRun(context: WorkerContext, claim: Claim, outcome: Outcome): Promise<void> {
  const { exit, written, word } = outcome;
  const { db } = context.connection;
  if (exit.stopped === "stale") return;
  const ask = (work: () => Promise<WriteOutcome>) => untilAnswered(work, context.ending);
  if (exit.stopped === "cancel") {
    await ask(() =>
      conclude(db, claim, "stop", {
        problem: null,
        report: null,
        line: say("info", sayOfRun("log.cancelled")),
      }),
    );
  } else if (word?.kind === "ran" && written) {
    await keep(context, claim, outcome, word);
  } else if (exit.stopped === "shutdown") {
    await ask(() => giveBack(db, claim, sayOfRun("log.givenBack")));
  } else if (word?.kind === "failed") {
    noteFault(word.problem, exit);
    await failRun(context, claim, word.problem);
  } else if (word?.kind === "ran") {
    await failRun(context, claim, problemOf("internal", sayOfRun("log.notWritten")));
  } else {
    const { problem, transient } = explainExit(exit, context.limits);
    const attempts = transient ? outcome.work.maxAttempts : 0;
    await ask(() => loseAttempt(db, claim, attempts, failure(problem)));
  }
}

async function keep(
  context: WorkerContext,
  claim: Claim,
  outcome: Outcome,
  word: Extract<ChildMessage, { kind: "ran" }>,
): Promise<void> {
  const { db } = context.connection;
  const report = runReportSchema.parse(storable(word.report));
  const ask = (work: () => Promise<WriteOutcome>) => untilAnswered(work, context.ending);
  if (report.outcome === "not-applicable") {
    const reasons = report.warnings[0] ?? sayOfRun("compress.noSteps");
    const problem = problemOf("notApplicable", reasons);
    await ask(() => conclude(db, claim, "notApply", { problem, report, line: say("info", reasons) }));
    return;
  }
  const conclusion = { problem: null, report, line: say("info", sayOfRun("log.finished")) };
  const { outputPath, inspection } = word;
  if (!outputPath || !inspection) {
    await ask(() => conclude(db, claim, "succeed", conclusion));
    return;
  }
  const { scope, work } = outcome;
  const { modelVersionId: parentVersionId, recipe } = work;
  const store = () =>
    storeFile(outputPath, (file) =>
      conclude(db, claim, "succeed", conclusion, async (tx) => {
        await registerRunOutput(tx, scope, { file, parentVersionId, recipe, inspection });
      }),
    );
  try {
    await ask(store);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "storeFull") throw error;
    await failRun(context, claim, problemOf("storeFull", sayOfRun("log.noSpace")));
  }
}
