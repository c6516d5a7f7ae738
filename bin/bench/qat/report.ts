import { type Mean, meanOf } from "../student-t.ts";
import { tableOf } from "../table.ts";
import type { SeedResult } from "./seed.ts";
import type { QatSubject } from "./subjects.ts";

/** The mean of paired differences with its interval by Student's t. */
export function differenceOf(pairs: readonly (readonly [number, number])[]): Mean {
  return meanOf(pairs.map(([a, b]) => a - b));
}

/** What all seeds of a subject gave, as Markdown. */
export function subjectSection({ name, about, metric }: QatSubject, results: readonly SeedResult[]): string {
  const isShare = metric === "accuracy";
  const show = (value: number) => (isShare ? `${(100 * value).toFixed(2)} %` : value.toFixed(4));
  const shift = (pairs: [number, number][]) => {
    const { mean, half } = differenceOf(pairs);
    const number = (value: number) => (isShare ? (100 * value).toFixed(2) : value.toFixed(4));
    const sign = mean > 0 ? "+" : "";
    return `${sign}${number(mean)}${Number.isNaN(half) ? "" : ` ± ${number(half)}`}`;
  };
  const rows = [true, false].map((perChannel) => {
    const forms = results.flatMap(({ float, forms: all }) =>
      all.filter(({ per_channel }) => per_channel === perChannel).map((form) => ({ float, ...form })),
    );
    return [
      perChannel ? "per channel" : "per tensor",
      show(meanOf(forms.map(({ float }) => float)).mean),
      show(meanOf(forms.map(({ ptq }) => ptq)).mean),
      show(meanOf(forms.map(({ qat }) => qat)).mean),
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
