import { AppError } from "#contracts/errors.ts";
import type { RunLive, RunLogLine, SeriesRow } from "#contracts/run.ts";
import * as points from "../points/repo.ts";
import * as repo from "../repo.ts";
import { toLine, toRow } from "../rows.ts";
import { guardedWakeUps, type StreamContext } from "./guard.ts";

/** Lines and points in one message; what is left comes with the next. */
const maxLines = 500;
const maxPoints = 500;

export interface Numbered<T> {
  /** Sequence number of the last log line in it: where a reader goes on after a break. */
  readonly seq: number;
  readonly message: T;
}

async function newPoints(
  context: StreamContext,
  runId: string,
  series: readonly SeriesRow[],
  seen: Map<string, number>,
) {
  const result: { name: string; step: number; value: number }[] = [];
  let cut = false;
  for (const { name, lastStep } of series) {
    const after = seen.get(name) ?? Number.MIN_SAFE_INTEGER;
    if (lastStep <= after) continue;
    const found = await points.since(context.db, runId, name, Math.max(after, -2_147_483_648), maxPoints + 1);
    cut ||= found.length > maxPoints;
    for (const point of found.slice(0, maxPoints)) result.push({ name, ...point });
    seen.set(name, lastStep);
  }
  return { points: result, pointsCut: cut };
}

async function* newLines(context: StreamContext, runId: string, from: number): AsyncGenerator<RunLogLine[]> {
  for (let after = from; ; ) {
    const lines = (await repo.events(context.db, runId, after, maxLines)).map(toLine);
    if (lines.length === 0) return;
    after = lines.at(-1)?.seq ?? after;
    yield lines;
    if (lines.length < maxLines) return;
  }
}

/**
 * A run as it goes on: state, progress, log lines after `after`, and points that came since the stream began. The log
 * is read from the database, so that a reader who comes back with the last number it saw has no gap and no repetition.
 */
export async function* runLive(
  context: StreamContext,
  runId: string,
  after: number,
): AsyncGenerator<Numbered<RunLive>> {
  const { organisationId } = context.scope;
  const read = async () => {
    const [run] = await repo.findMany(context.db, organisationId, [runId]);
    if (!run) throw new AppError("notFound");
    return { row: toRow(run, {}), series: await repo.series(context.db, runId) };
  };
  const seen = new Map((await read()).series.map(({ name, lastStep }) => [name, lastStep]));
  let seq = after;
  let attempt: number | undefined;
  let measurements = 0;
  for await (const _ of guardedWakeUps(
    context,
    (message) => message.kind === "run" && message.runId === runId,
  )) {
    const { row, series } = await read();
    // A new attempt begins its series anew.
    if (attempt !== undefined && row.attempt !== attempt) seen.clear();
    attempt = row.attempt;
    const now = await repo.countMeasurements(context.db, runId);
    const measured = now !== measurements;
    measurements = now;
    const { state, cancelRequested, progress, problem } = row;
    const base = { state, attempt, cancelRequested, progress, problem, series, measured };
    const fresh = await newPoints(context, runId, series, seen);
    let sent = false;
    for await (const lines of newLines(context, runId, seq)) {
      seq = lines.at(-1)?.seq ?? seq;
      yield { seq, message: { ...base, ...(sent ? { points: [], pointsCut: false } : fresh), lines } };
      sent = true;
    }
    if (!sent) yield { seq, message: { ...base, ...fresh, lines: [] } };
  }
}
