import { metricId } from "#contracts/measurement.ts";
import { costMetrics } from "#contracts/metric.ts";

/** What a column shows of a metric: its value, its change against the baseline, or how many times smaller it became. */
export const columnKinds = ["value", "change", "ratio"] as const;
export type ColumnKind = (typeof columnKinds)[number];

export interface ColumnSpec {
  readonly metric: string;
  readonly kind: ColumnKind;
}

/** As the address has it: `size/file`, `size/file~ratio`. */
export function specText({ metric, kind }: ColumnSpec): string {
  return kind === "value" ? metric : `${metric}~${kind}`;
}

/** undefined for what is no column. */
export function parseSpec(text: string): ColumnSpec | undefined {
  const [metric = "", kind = "value"] = text.split("~");
  const known = columnKinds.find((one) => one === kind);
  return known && metricId.safeParse(metric).success ? { metric, kind: known } : undefined;
}

/** The usual columns: quality and its change, size and how many times smaller, time, energy. */
export function usualColumns(quality: string | undefined, available: ReadonlySet<string>): ColumnSpec[] {
  const wanted: ColumnSpec[] = [
    ...(quality
      ? [{ metric: quality, kind: "value" } as const, { metric: quality, kind: "change" } as const]
      : []),
    { metric: "size/file", kind: "value" },
    { metric: "size/file", kind: "ratio" },
    { metric: "latency/p50", kind: "value" },
    { metric: "energy/per-1000", kind: "value" },
  ];
  return wanted.filter(({ metric }) => available.has(metric));
}

/** Most metrics that a table asks for at once. */
const mostMetrics = 50;

/** Metrics to ask for: those of the columns, and those that the picture, the verdict and the side panel need. */
export function metricsNeeded(columns: readonly ColumnSpec[], quality: string | undefined): string[] {
  const always = [...(quality ? [quality] : []), ...costMetrics, "size/sparsity", "experiment/energy"];
  return [...new Set([...always, ...columns.map(({ metric }) => metric)])].toSorted().slice(0, mostMetrics);
}
