import { type Change, changeOf, isComparable } from "#contracts/change.ts";
import { type MeasurementRow, metricIdOf } from "#contracts/measurement.ts";
import { byMetric } from "#contracts/metric.ts";

/** Why two values must not be compared. */
export type Obstacle = "quality" | "performance" | "tier";

/** A value beside the one it is compared with. */
export type Beside =
  | { readonly kind: "alone" }
  | { readonly kind: "obstacle"; readonly obstacle: Obstacle }
  | { readonly kind: "change"; readonly change: Change };

/**
 * What may be said of a value against the first run's. Against the baseline there is a paired interval; against any
 * other run there is only the difference, without a finding, unless both are exact counts.
 */
export function besideOf(own: MeasurementRow, first: MeasurementRow | undefined, isFirstBaseline: boolean): Beside {
  if (!first) return { kind: "alone" };
  if (own.qualityKey !== first.qualityKey) return { kind: "obstacle", obstacle: "quality" };
  if (own.performanceKey !== first.performanceKey) return { kind: "obstacle", obstacle: "performance" };
  if (!isComparable(own, first)) return { kind: "obstacle", obstacle: "tier" };
  const id = metricIdOf(own);
  const paired = isFirstBaseline ? changeOf(id, own, first) : changeOf(id, { ...own, baselineDelta: null }, exactOnly(id, first));
  if (paired && (isFirstBaseline || own.interval === "exact")) return { kind: "change", change: paired };
  const value = own.value - first.value;
  const percent = first.value === 0 ? null : (100 * value) / first.value;
  return { kind: "change", change: { value, percent, low: null, high: null, level: null, finding: "unknown", base: first.value } };
}

/** Fidelity is a comparison with the original already: between two variants it is a plain difference. */
const exactOnly = (id: string, row: MeasurementRow) => (id.startsWith("fidelity/") ? undefined : row);

export interface ComparedRow {
  readonly id: string;
  readonly name: string;
  readonly split: string | null;
  /** The measurement of each run, in the order of the runs; undefined where a run lacks it. */
  readonly cells: readonly (MeasurementRow | undefined)[];
}

/** One row per metric that any of the runs has, in reading order. */
export function comparedRows(runs: readonly { readonly measurements: readonly MeasurementRow[] }[]): ComparedRow[] {
  const rows = new Map<string, MeasurementRow>();
  for (const run of runs) for (const row of run.measurements) if (!rows.has(metricIdOf(row))) rows.set(metricIdOf(row), row);
  const sorted = [...rows].toSorted(([one], [other]) => byMetric(one, other));
  return sorted.map(([id, { name, split }]) => ({
    id,
    name,
    split,
    cells: runs.map((run) => run.measurements.find((row) => metricIdOf(row) === id)),
  }));
}

/** False where every run has the same exact value. */
export function differs({ cells }: ComparedRow): boolean {
  const [first] = cells;
  return cells.some((cell) => cell?.value !== first?.value);
}
