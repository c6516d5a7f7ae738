import { problemSchema } from "#contracts/problem.ts";
import {
  progressSchema,
  type RunLogLine,
  type RunRow,
  type RunValue,
  runReportSchema,
} from "#contracts/run.ts";
import type { events, FoundRow } from "./repo.ts";

/** JSON columns were checked when they were written; what a later version does not understand is shown as absent. */
export function toRow(found: FoundRow, values: Readonly<Record<string, RunValue>>): RunRow {
  const { cancelRequestedAt, progress, problem, ...rest } = found;
  return {
    ...rest,
    cancelRequested: cancelRequestedAt !== null,
    progress: progressSchema.safeParse(progress).data ?? null,
    problem: problemSchema.safeParse(problem).data ?? null,
    values,
  };
}

export const reportOf = (value: unknown) => runReportSchema.safeParse(value).data ?? null;

export function toLine(event: Awaited<ReturnType<typeof events>>[number]): RunLogLine {
  const level = event.level === "warn" || event.level === "error" ? event.level : "info";
  return { ...event, level };
}
