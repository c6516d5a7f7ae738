import { type Change, changeOf, isComparable } from "#contracts/change.ts";
import { type MeasurementRow, metricIdOf } from "#contracts/measurement.ts";
import { byMetric, groupOf, isFidelity, qualityMetrics } from "#contracts/metric.ts";

/** Why two values must not be compared. */
export type Obstacle = "quality" | "performance" | "tier";

/** A value beside the one it is compared with. */
export type Beside =
  /** The reference has no such value, or it is what a run itself used, which says nothing of its model. */
  | { readonly kind: "alone" }
  | { readonly kind: "obstacle"; readonly obstacle: Obstacle }
  /** `unpaired`: a plain difference, about which nothing can be found. */
  | { readonly kind: "paired" | "unpaired"; readonly change: Change };

/** What keeps two values apart; undefined where they may be compared. */
export function obstacleOf(own: MeasurementRow, first: MeasurementRow): Obstacle | undefined {
  if (own.qualityKey !== first.qualityKey) return "quality";
  if (own.performanceKey !== first.performanceKey) return "performance";
  return isComparable(own, first) ? undefined : "tier";
}

/**
 * What may be said of a value against the reference's. Against its own baseline (`paired`) there is an interval of the
 * difference; against any other run there is only the difference, without a finding, unless both are exact counts.
 */
export function besideOf(own: MeasurementRow, first: MeasurementRow | undefined, paired: boolean): Beside {
  const id = metricIdOf(own);
  if (groupOf(id) === "experiment") return { kind: "alone" };
  if (!first) {
    // Fidelity is a comparison with the original already; the baseline has none, being the original.
    const change = paired && isFidelity(id) ? changeOf(id, own) : null;
    return change ? { kind: "paired", change } : { kind: "alone" };
  }
  const obstacle = obstacleOf(own, first);
  if (obstacle) return { kind: "obstacle", obstacle };
  const isExact = own.interval === "exact" && first.interval === "exact";
  const change = paired
    ? changeOf(id, own, first)
    : isExact
      ? changeOf(id, { ...own, baselineDelta: null }, first)
      : null;
  // One observation against another (`n = 1`) is paired in name only.
  if (change && change.finding !== "unknown") return { kind: "paired", change };
  const value = own.value - first.value;
  const percent = first.value === 0 ? null : (100 * value) / first.value;
  const plain = {
    value,
    percent,
    low: null,
    high: null,
    level: null,
    finding: "unknown",
    base: first.value,
  } as const;
  return { kind: "unpaired", change: plain };
}

export interface ComparedRow {
  readonly id: string;
  /** The measurement of each run, in the order of the runs; undefined where a run lacks it. */
  readonly cells: readonly (MeasurementRow | undefined)[];
}

type Measured = { readonly measurements: readonly MeasurementRow[] };

/** One row per metric that any of the runs has, in reading order. */
export function comparedRows(runs: readonly Measured[]): ComparedRow[] {
  const byId = runs.map((run) => new Map(run.measurements.map((row) => [metricIdOf(row), row])));
  const ids = new Set(byId.flatMap((rows) => [...rows.keys()]));
  return [...ids].toSorted(byMetric).map((id) => ({ id, cells: byId.map((rows) => rows.get(id)) }));
}

/** False where every run has the same value. */
export function differs({ cells }: ComparedRow): boolean {
  return cells.some((cell) => cell?.value !== cells[0]?.value);
}

/** The cells whose values must not be compared with the reference's, each with what keeps them apart. */
export function obstaclesOf({
  id,
  cells,
}: ComparedRow): { own: MeasurementRow; first: MeasurementRow; obstacle: Obstacle }[] {
  const [first, ...others] = cells;
  if (!first || groupOf(id) === "experiment") return [];
  return others.flatMap((own) => {
    const obstacle = own && obstacleOf(own, first);
    return own && obstacle ? [{ own, first, obstacle }] : [];
  });
}

/** The two rows that a phone's card shows: the quality, and the size gained for it. */
export function importantRows(rows: readonly ComparedRow[]): ComparedRow[] {
  const quality = qualityMetrics(rows.map((row) => row.id))[0];
  const wanted = [quality, "size/file", "latency/p50"];
  return wanted.flatMap((id) => rows.find((row) => row.id === id) ?? []).slice(0, 2);
}
