import { changeOf } from "#contracts/change.ts";
import type { RunRow } from "#contracts/run.ts";

/** Text that a spreadsheet would execute as a formula is made text by an apostrophe. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const parts = [
  "",
  " unit",
  " low",
  " high",
  " n",
  " tier",
  " change",
  " change low",
  " change high",
] as const;

/** The rows with every number in full precision: value, unit, interval, samples, tier and change of each metric. */
export function toCsv(rows: readonly RunRow[], metrics: readonly string[]): string {
  const baseline = rows.find((row) => row.isBaseline);
  const head = [
    "run",
    "recipe",
    "state",
    ...metrics.flatMap((metric) => parts.map((part) => `${metric}${part}`)),
  ];
  const lines = rows.map((row) => [
    row.number,
    row.recipeName,
    row.state,
    ...metrics.flatMap((metric) => {
      const value = row.values[metric];
      if (!value) return parts.map(() => null);
      const bounds = typeof value.interval === "object" ? value.interval : null;
      const change = row.isBaseline ? null : changeOf(metric, value, baseline?.values[metric]);
      const { value: amount, unit, n, tier } = value;
      return [amount, unit, bounds?.low, bounds?.high, n, tier, change?.value, change?.low, change?.high];
    }),
  ]);
  return [head, ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}
