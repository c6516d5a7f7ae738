import { type MeasurementInterval, parseMetricId } from "./measurement.ts";
import { type Better, betterOf, isDescription } from "./metric.ts";
import type { RunValue } from "./run.ts";

/**
 * What may be said of a difference: `none` where the interval includes zero (no difference was found), `same` where
 * exact values are equal, `changed` where they differ but neither is better, `unknown` where one observation without a
 * spread does not allow a statement.
 */
export type Finding = "better" | "worse" | "changed" | "none" | "same" | "unknown";

/** A variant against its baseline: variant minus baseline, in the metric's own unit. */
export interface Change {
  readonly value: number;
  /** Relative to the baseline, in per cent; null where that is zero or unknown. */
  readonly percent: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number | null;
  readonly finding: Finding;
  /** The baseline's value, so that bounds can be given relative to it; null where it is not known. */
  readonly base: number | null;
}

function findingOf(
  value: number,
  interval: MeasurementInterval,
  better: Better | "neither" | undefined,
): Finding {
  const toward = (sign: number): Finding => {
    if (better === undefined) return "unknown";
    if (better === "neither") return "changed";
    return sign > 0 === (better === "higher") ? "better" : "worse";
  };
  if (interval === "exact") return value === 0 ? "same" : toward(value);
  if (interval === "n=1") return "unknown";
  if (interval.low > 0) return toward(1);
  if (interval.high < 0) return toward(-1);
  return "none";
}

/**
 * The change of a value against the baseline; null where nothing was compared. Counts need no comparison of their
 * own: with the baseline's value at hand, their difference is exact.
 */
export function changeOf(id: string, value: RunValue, baseline?: RunValue): Change | null {
  const delta = value.baselineDelta;
  if (delta) return change(id, delta.value, delta.percent, delta.interval, value.value - delta.value);
  const best = perfectFidelity(id);
  if (best !== null) return fromOriginal(id, value, best);
  if (baseline?.interval !== "exact" || value.interval !== "exact") return null;
  const difference = value.value - baseline.value;
  const percent = baseline.value === 0 ? null : (100 * difference) / baseline.value;
  return change(id, difference, percent, "exact", baseline.value);
}

/** SQNR is missing: without noise it is infinite. */
const perfect: Readonly<Record<string, number>> = {
  "fidelity/cosine": 1,
  "fidelity/argmax-agreement": 1,
  "fidelity/relative-error": 0,
};

/** What the original reaches against itself, where that is finite. */
export function perfectFidelity(id: string): number | null {
  return perfect[parseMetricId(id).name] ?? null;
}

function fromOriginal(id: string, value: RunValue, base: number): Change {
  const { interval } = value;
  const moved =
    typeof interval === "object"
      ? { ...interval, low: interval.low - base, high: interval.high - base }
      : interval;
  const difference = value.value - base;
  return change(id, difference, base === 0 ? null : (100 * difference) / base, moved, base);
}

function change(
  id: string,
  value: number,
  percent: number | null,
  interval: MeasurementInterval,
  base: number,
): Change {
  const bounds = typeof interval === "object" ? interval : null;
  return {
    value,
    percent,
    low: bounds?.low ?? null,
    high: bounds?.high ?? null,
    level: bounds?.level ?? null,
    finding: findingOf(value, interval, isDescription(id) ? "neither" : betterOf(id)),
    base,
  };
}

/**
 * True where two values may stand in one ranking: the same tier and the same conditions. Sizes have no conditions.
 */
export function isComparable(one: RunValue, other: RunValue): boolean {
  return (
    one.tier === other.tier &&
    one.qualityKey === other.qualityKey &&
    one.performanceKey === other.performanceKey
  );
}
