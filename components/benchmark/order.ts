import type { PlotRow } from "#components/experiment/frontier/plot.ts";
import type { BoardEntry } from "#contracts/benchmark.ts";

/** As a reader expects them: the ranked, then the baseline that they are held against, then those without a rank. */
export function inReadingOrder(entries: readonly BoardEntry[]): BoardEntry[] {
  const group = ({ rank }: BoardEntry) => (typeof rank === "number" ? 0 : rank === "baseline" ? 1 : 2);
  // The order within a group is the board's own.
  return entries.toSorted((one, other) => group(one) - group(other));
}

/** More entries than this and the rest of the table waits for a click; the picture shows them all the same. */
const mostAtFirst = 20;

/** The head of a long ranking, with the baseline and the marked entry wherever they stand. */
export function readFirst(inOrder: readonly BoardEntry[], selected: string): BoardEntry[] {
  // A click that brings less than a handful of rows is not worth it.
  if (inOrder.length <= mostAtFirst + 5) return [...inOrder];
  return inOrder.filter((entry, index) => index < mostAtFirst || entry.isBaseline || entry.id === selected);
}

/**
 * Entries as the frontier's picture takes them. Numbers (and with them colours) follow the order of submission, so that
 * an entry keeps its colour whatever the board is ranked by.
 */
export function plotRowsOf(entries: readonly BoardEntry[]): PlotRow[] {
  const byTime = entries.toSorted(
    (one, other) =>
      Number(other.isBaseline) - Number(one.isBaseline) ||
      one.submittedAt.getTime() - other.submittedAt.getTime() ||
      (one.id < other.id ? -1 : 1),
  );
  // The baseline is number 1 everywhere, and the first entry number 2, even where a board has lost its baseline.
  const first = byTime[0]?.isBaseline ? 1 : 2;
  return byTime.map(({ id, title, isBaseline, values }, index) => ({
    id,
    number: first + index,
    recipeName: title,
    isBaseline,
    state: "succeeded",
    values,
  }));
}
