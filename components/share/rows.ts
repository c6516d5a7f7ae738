import type { PlotRow } from "#components/experiment/frontier/plot.ts";
import { type MeasurementRow, metricIdOf } from "#contracts/measurement.ts";
import { costMetrics, qualityMetrics } from "#contracts/metric.ts";
import type { SharedRun } from "#contracts/share.ts";

export type SharedValues = Readonly<Record<string, MeasurementRow>>;

/** A run's measurements by metric ID. */
export function valuesOf(run: SharedRun): SharedValues {
  return Object.fromEntries(run.measurements.map((row) => [metricIdOf(row), row]));
}

export const runKey = (run: SharedRun) => String(run.number);

/** Shared runs as the frontier's picture takes them. */
export function plotRowsOf(runs: readonly SharedRun[]): PlotRow[] {
  return runs.map((run) => ({
    id: runKey(run),
    number: run.number,
    isBaseline: run.isBaseline,
    recipeName: run.recipeName,
    state: run.state,
    values: valuesOf(run),
  }));
}

export interface SharedMetrics {
  /** The most telling quality that a run has. */
  readonly quality: string | undefined;
  /** Costs that a run has. */
  readonly costs: readonly string[];
}

export function metricsOf(runs: readonly SharedRun[]): SharedMetrics {
  const ids = new Set(runs.flatMap((run) => run.measurements.map(metricIdOf)));
  return {
    quality: qualityMetrics([...ids])[0],
    costs: costMetrics.filter((metric) => ids.has(metric)),
  };
}

/** True where the picture says something: two runs with a quality and this cost. */
export function canDraw(
  runs: readonly SharedRun[],
  quality: string | undefined,
  cost: string | undefined,
): boolean {
  if (quality === undefined || cost === undefined) return false;
  return plotRowsOf(runs).filter(({ values }) => values[quality] && values[cost]).length > 1;
}

/** The run whose details are open at first: the first variant that has values, else the first run. */
export function firstShown(runs: readonly SharedRun[]): SharedRun | undefined {
  return runs.find((run) => !run.isBaseline && run.measurements.length > 0) ?? runs[0];
}
