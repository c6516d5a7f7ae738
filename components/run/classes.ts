import { z } from "zod";
import type { Change } from "#contracts/change.ts";
import { type ClassDetail, type MeasurementRow, parseMetricId } from "#contracts/measurement.ts";

const classDetail = z.object({
  class: z.int(),
  recall: z.number(),
  n: z.number(),
  change: z
    .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
    .nullable()
    .catch(null),
});

/** The classes in the detail of a run's top-1 accuracy; none where it was not measured or has another form. */
export function classesOf(measurements: readonly MeasurementRow[]): readonly ClassDetail[] {
  const measured = measurements.filter((row) => parseMetricId(row.name).name === "quality/top1");
  const detail = (measured.find((row) => row.split === "test") ?? measured[0])?.detail;
  return z.array(classDetail).safeParse(detail?.perClass).data ?? [];
}

/** Classes by their change, the greatest loss first; without a comparison the lowest recall first. */
export function worstFirst(classes: readonly ClassDetail[]): ClassDetail[] {
  return classes.toSorted(
    (one, other) =>
      (one.change?.value ?? 0) - (other.change?.value ?? 0) ||
      one.recall - other.recall ||
      one.class - other.class,
  );
}

/** The class that lost most; undefined where none lost anything. */
export function worstClass(classes: readonly ClassDetail[]): ClassDetail | undefined {
  const worst = worstFirst(classes)[0];
  return worst?.change && worst.change.value < 0 ? worst : undefined;
}

/** The change of one class as other changes are shown; its interval is at 95 %. */
export function classChange(change: NonNullable<ClassDetail["change"]>): Change {
  const { value, low, high } = change;
  const finding =
    low === null || high === null
      ? "unknown"
      : high < 0
        ? "worse"
        : low > 0
          ? "better"
          : value === 0 && low === high
            ? "same"
            : "none";
  return { value, percent: null, low, high, level: 0.95, finding, base: null };
}
