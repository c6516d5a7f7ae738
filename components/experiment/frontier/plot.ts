import { isComparable, perfectFidelity } from "#contracts/change.ts";
import { type Frontier, frontierOf, stepsOf } from "#contracts/frontier.ts";
import type { MeasurementInterval, Tier } from "#contracts/measurement.ts";
import { betterOf } from "#contracts/metric.ts";
import type { RunRow, RunValue } from "#contracts/run.ts";

/** What the picture needs of a run: rows of an experiment, entries of a board and shared runs all have it. */
export type PlotRow = Pick<RunRow, "id" | "number" | "isBaseline" | "recipeName" | "state" | "values">;

/** A run in the frontier's picture. */
export interface PlotPoint {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly isBaseline: boolean;
  readonly quality: number;
  readonly cost: number;
  readonly qualityBounds: readonly [number, number] | null;
  readonly costBounds: readonly [number, number] | null;
  readonly standing: "frontier" | "dominated" | "apart";
}

export interface Plot {
  readonly points: readonly PlotPoint[];
  /** Points on the frontier, the cheapest first. */
  readonly frontier: readonly PlotPoint[];
  readonly baseline: PlotPoint | undefined;
  /** Tiers of the costs shown; more than one are never ranked together. */
  readonly tiers: readonly Tier[];
  readonly unit: string;
  readonly qualityUnit: string;
  /** Ended runs that lack one of the two values. */
  readonly missing: number;
}

const boundsOf = (interval: MeasurementInterval): readonly [number, number] | null =>
  typeof interval === "object" ? [interval.low, interval.high] : null;

interface Candidate {
  readonly row: PlotRow;
  readonly quality: RunValue;
  readonly cost: RunValue;
}

/** Every run that has both values. The original stands at its own fidelity, which is perfect by definition. */
function candidatesOf(rows: readonly PlotRow[], quality: string, cost: string): Candidate[] {
  const unit = rows.flatMap(({ values }) => values[quality]?.unit ?? [])[0] ?? "";
  return rows.flatMap((row) => {
    const costValue = row.values[cost];
    const qualityValue = row.values[quality] ?? ownFidelity(row, quality, costValue, unit);
    return costValue && qualityValue ? [{ row, quality: qualityValue, cost: costValue }] : [];
  });
}

function ownFidelity(
  row: PlotRow,
  quality: string,
  cost: RunValue | undefined,
  unit: string,
): RunValue | undefined {
  const perfect = perfectFidelity(quality);
  if (!row.isBaseline || perfect === null || !cost) return undefined;
  return { ...cost, value: perfect, unit, interval: "exact", baselineDelta: null };
}

/** Frontier, dominated points, and those that may not be ranked with the baseline: other tier or other conditions. */
export function plotOf(
  rows: readonly PlotRow[],
  quality: string,
  cost: string,
  nameOf: (row: PlotRow) => string = (row) => row.recipeName,
): Plot {
  const candidates = candidatesOf(rows, quality, cost);
  const reference = candidates.find(({ row }) => row.isBaseline) ?? candidates[0];
  const isRanked = ({ row, quality: own, cost: ownCost }: Candidate) =>
    !reference ||
    row.id === reference.row.id ||
    (isComparable(ownCost, reference.cost) &&
      (perfectFidelity(quality) !== null || isComparable(own, reference.quality)));
  const ranked = candidates.filter(isRanked);
  const aims = { quality: betterOf(quality) ?? "higher", cost: betterOf(cost) ?? "lower" } as const;
  const { frontier }: Frontier<{ id: string; quality: number; cost: number }> = frontierOf(
    ranked.map((entry) => ({ id: entry.row.id, quality: entry.quality.value, cost: entry.cost.value })),
    aims,
  );
  const onFrontier = new Set(frontier.map((point) => point.id));
  const apart = new Set(candidates.filter((entry) => !isRanked(entry)).map(({ row }) => row.id));
  const points = candidates.map(({ row, quality: own, cost: ownCost }): PlotPoint => {
    const standing = apart.has(row.id) ? "apart" : onFrontier.has(row.id) ? "frontier" : "dominated";
    return {
      id: row.id,
      number: row.number,
      name: nameOf(row),
      isBaseline: row.isBaseline,
      quality: own.value,
      cost: ownCost.value,
      qualityBounds: boundsOf(own.interval),
      costBounds: boundsOf(ownCost.interval),
      standing,
    };
  });
  const byId = new Map(points.map((point) => [point.id, point]));
  return {
    points,
    frontier: frontier.flatMap((point) => byId.get(point.id) ?? []),
    baseline: points.find((point) => point.isBaseline),
    tiers: [...new Set(candidates.map((entry) => entry.cost.tier))],
    unit: reference?.cost.unit ?? "",
    qualityUnit: reference?.quality.unit ?? "",
    missing: rows.filter((row) => row.state === "succeeded").length - candidates.length,
  };
}

/** Corners of the frontier's line, from its cheapest point to the far end of the axis. */
export function lineOf(plot: Plot, until: number): [number, number][] {
  return stepsOf(plot.frontier, until);
}
