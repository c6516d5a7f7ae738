/** Latencies of one operation, in milliseconds. */
export interface Timing {
  readonly name: string;
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** The value below which the share `q` of the sorted values lies (nearest rank). */
export function percentile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

export function summarise(name: string, milliseconds: readonly number[]): Timing {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return {
    name,
    n: sorted.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    max: percentile(sorted, 1),
  };
}

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly met: boolean;
}

/** A table for the terminal and for Markdown alike. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ["what", "measured", "goal", ""],
    ...rows.map((row) => [row.what, row.measured, row.goal, row.met ? "met" : "missed"]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...body.map(line)].join(
    "\n",
  );
}
