import type { BoardEntry, BoardValue, Leaderboard } from "#contracts/benchmark.ts";
import { isComparable } from "#contracts/change.ts";

/** Costs that the sentence about the leader names, where a difference from the baseline was found. */
const named = ["size/file", "latency/p50", "energy/per-1000"] as const;

/** A leader's value beside the baseline's. */
export interface Against {
  readonly metric: string;
  readonly value: BoardValue;
  readonly baseline: BoardValue | undefined;
  /** True where the two intervals overlap, so that no difference was found. */
  readonly overlap: boolean;
}

export interface Ratio {
  readonly metric: string;
  /** Of the baseline's value: 0.26 is 26 %. */
  readonly fraction: number;
}

/** Who is ahead, and by what; or why nobody is. */
export type Leader =
  | { readonly kind: "noEntries" | "noReference" | "nobody" }
  | {
      readonly kind: "shared";
      readonly entries: readonly BoardEntry[];
      /** The one with the smallest file, where it is smaller than all others of them: what a reader asks next. */
      readonly smallest: { readonly entry: BoardEntry; readonly fraction: number | null } | null;
    }
  | {
      readonly kind: "one";
      readonly entry: BoardEntry;
      /** What the board is ranked by, then its quality where that is something else. */
      readonly against: readonly Against[];
      readonly ratios: readonly Ratio[];
    };

export function leaderOf(board: Leaderboard): Leader {
  const baseline = board.entries.find((entry) => entry.isBaseline);
  if (board.entries.every((entry) => entry.isBaseline)) return { kind: "noEntries" };
  if (!baseline?.values[board.by]) return { kind: "noReference" };
  const first = board.entries.filter((entry) => entry.rank === 1);
  const [entry] = first;
  if (!entry) return { kind: "nobody" };
  if (first.length > 1) return { kind: "shared", entries: first, smallest: smallestOf(first, baseline) };
  const wanted = [...new Set([board.by, board.qualityMetric])];
  const against = wanted.flatMap((metric) => {
    const value = entry.values[metric];
    return value ? [againstOf(metric, value, baseline.values[metric])] : [];
  });
  const ratios = named.flatMap((metric) => {
    const [own, reference] = [entry.values[metric], baseline.values[metric]];
    // What stands in the sentence already is not said twice.
    if (wanted.includes(metric) || !own || !reference || reference.value === 0) return [];
    const isFound = isComparable(own, reference) && own.interval !== "n=1" && !overlaps(own, reference);
    return isFound ? [{ metric, fraction: own.value / reference.value }] : [];
  });
  return { kind: "one", entry, against, ratios };
}

function smallestOf(entries: readonly BoardEntry[], baseline: BoardEntry) {
  const size = (entry: BoardEntry) => entry.values["size/file"]?.value ?? Number.POSITIVE_INFINITY;
  const [entry, next] = entries.toSorted((one, other) => size(one) - size(other));
  if (!entry || !next || !(size(entry) < size(next))) return null;
  const reference = baseline.values["size/file"]?.value;
  return { entry, fraction: reference ? size(entry) / reference : null };
}

function againstOf(metric: string, value: BoardValue, baseline: BoardValue | undefined): Against {
  const isFair = baseline !== undefined && isComparable(value, baseline);
  return {
    metric,
    value,
    baseline: isFair ? baseline : undefined,
    overlap: isFair && overlaps(value, baseline),
  };
}

function boundsOf({ value, interval }: BoardValue): readonly [number, number] {
  return typeof interval === "object" ? [interval.low, interval.high] : [value, value];
}

function overlaps(one: BoardValue, other: BoardValue): boolean {
  const [low, high] = boundsOf(one);
  const [otherLow, otherHigh] = boundsOf(other);
  return low <= otherHigh && otherLow <= high;
}
