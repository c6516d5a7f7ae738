import { tableOf } from "../table.ts";
import type { SeedResult } from "./seed.ts";
import type { QatSubject } from "./subjects.ts";

/** Student's t for a two-sided interval of 95 %, by the number of differences. */
const students: Readonly<Record<number, number>> = { 2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776 };

export interface Difference {
  readonly mean: number;
  /** Half the width of the interval of 95 %; undefined for one difference, or more than five. */
  readonly half: number | undefined;
}

/** The mean of paired differences with its interval by Student's t. */
export function differenceOf(pairs: readonly (readonly [number, number])[]): Difference {
  const each = pairs.map(([a, b]) => a - b);
  const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
  const t = students[each.length];
  if (t === undefined) return { mean, half: undefined };
  const variance = each.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (each.length - 1);
  return { mean, half: t * Math.sqrt(variance / each.length) };
}

/** What all seeds of a subject gave, as Markdown. */
export function subjectSection({ name, about, metric }: QatSubject, results: readonly SeedResult[]): string {
  const isShare = metric === "accuracy";
  const show = (value: number) => (isShare ? `${(100 * value).toFixed(2)} %` : value.toFixed(4));
  const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const shift = (pairs: [number, number][]) => {
    const { mean, half } = differenceOf(pairs);
    const number = (value: number) => (isShare ? (100 * value).toFixed(2) : value.toFixed(4));
    const sign = mean > 0 ? "+" : "";
    return `${sign}${number(mean)}${half === undefined ? "" : ` ± ${number(half)}`}`;
  };
  const rows = [true, false].map((perChannel) => {
    const forms = results.flatMap(({ float, forms: all }) =>
      all.filter(({ per_channel }) => per_channel === perChannel).map((form) => ({ float, ...form })),
    );
    return [
      perChannel ? "per channel" : "per tensor",
      show(meanOf(forms.map(({ float }) => float))),
      show(meanOf(forms.map(({ ptq }) => ptq))),
      show(meanOf(forms.map(({ qat }) => qat))),
      shift(forms.map(({ ptq, float }) => [ptq, float])),
      shift(forms.map(({ qat, float }) => [qat, float])),
      shift(forms.map(({ qat, ptq }) => [qat, ptq])),
      `${forms.filter(({ keptStart }) => keptStart).length} of ${forms.length}`,
    ];
  });
  const head = [
    "scales",
    "float32",
    "static",
    "qat",
    "static − float32",
    "qat − float32",
    "qat − static",
    "start kept",
  ];
  const unit = isShare
    ? "Accuracy; differences in percentage points."
    : "Root of the mean squared error: less is better.";
  return [`## ${name}`, "", `${about}. ${results.length} seeds. ${unit}`, "", tableOf(head, rows), ""].join(
    "\n",
  );
}
