import type { PointSeries, RunDetail, RunLive, RunLogLine } from "#contracts/run.ts";

export interface Points {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}
export type LivePoints = Readonly<Record<string, Points>>;

/** A log longer than this keeps its newest lines; the rest is in the database. */
const mostLines = 20_000;
const mostPoints = 2_000;

/** The run with what its stream says of it. */
export function mergeLive(run: RunDetail, message: RunLive): RunDetail {
  const { state, attempt, cancelRequested, progress, problem, series } = message;
  return { ...run, state, attempt, cancelRequested, progress, problem, series };
}

/** Lines in the order of their numbers, none twice, whichever way they came. */
export function appendLines(
  before: readonly RunLogLine[],
  more: readonly RunLogLine[],
): readonly RunLogLine[] {
  const last = before.at(-1)?.seq ?? 0;
  const fresh = more.filter((line) => line.seq > last);
  return fresh.length === 0 ? before : [...before, ...fresh].slice(-mostLines);
}

export function appendPoints(before: LivePoints, more: RunLive["points"]): LivePoints {
  if (more.length === 0) return before;
  const after: Record<string, Points> = { ...before };
  for (const name of new Set(more.map((point) => point.name))) {
    const fresh = more.filter((point) => point.name === name);
    const known = after[name] ?? { steps: [], values: [] };
    // A series that begins again belongs to a new attempt.
    const isAnew = (fresh[0]?.step ?? 0) <= (known.steps.at(-1) ?? Number.NEGATIVE_INFINITY);
    const base = isAnew ? { steps: [], values: [] } : known;
    after[name] = {
      steps: [...base.steps, ...fresh.map((point) => point.step)].slice(-mostPoints),
      values: [...base.values, ...fresh.map((point) => point.value)].slice(-mostPoints),
    };
  }
  return after;
}

/** What was stored, followed by what arrived later. */
export function joinPoints(stored: PointSeries | undefined, live: Points | undefined): Points {
  if (!stored) return live ?? { steps: [], values: [] };
  const last = stored.steps.at(-1) ?? Number.NEGATIVE_INFINITY;
  const from = live?.steps.findIndex((step) => step > last) ?? -1;
  if (!live || from < 0) return stored;
  return {
    steps: [...stored.steps, ...live.steps.slice(from)],
    values: [...stored.values, ...live.values.slice(from)],
  };
}
