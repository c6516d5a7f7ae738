import { classChange } from "#components/run/classes.ts";
import type { Change } from "#contracts/change.ts";
import type { ClassDetail } from "#contracts/measurement.ts";
import type { ClassChange } from "#contracts/run.ts";

export interface ClassRow {
  readonly label: number;
  readonly items: number;
  readonly correctFirst: number;
  readonly correctOther: number;
  /** Share of right answers, other minus reference; with a finding only where an interval is known. */
  readonly change: Change;
}

/**
 * How the share of right answers moved in each class, the greatest loss first.
 *
 * @param paired classes as the run measured them against its baseline, where that is the reference
 */
export function classRows(counted: readonly ClassChange[], paired: readonly ClassDetail[]): ClassRow[] {
  const known = new Map(paired.map((one) => [one.class, one]));
  return counted
    .filter(({ items }) => items > 0)
    .map((one) => {
      const value = (one.correctOther - one.correctFirst) / one.items;
      const measured = known.get(one.label);
      // The interval belongs to the same items only; anything else would decorate another number.
      const isSame =
        measured?.n === one.items && measured.change && Math.abs(measured.change.value - value) < 1e-6;
      const plain = {
        value,
        percent: null,
        low: null,
        high: null,
        level: null,
        finding: "unknown",
        base: null,
      } as const;
      return { ...one, change: isSame && measured.change ? classChange(measured.change) : plain };
    })
    .toSorted(
      (one, other) =>
        one.change.value - other.change.value || other.items - one.items || one.label - other.label,
    );
}
