import type { Example } from "#contracts/run.ts";
import type { Outcome } from "./search.ts";

/** How an item on which two runs disagree came out for the run beside the reference. */
export function outcomeOf({ label, prediction, other }: Example): Exclude<Outcome, "all"> {
  if (prediction === label) return "gained";
  return other === label ? "lost" : "other";
}

export function filtered(examples: readonly Example[], show: Outcome): readonly Example[] {
  return show === "all" ? examples : examples.filter((example) => outcomeOf(example) === show);
}

/**
 * The items on which two runs disagree, from the items on which each disagrees with the baseline that both share: what
 * neither changed, they agree on. A run that is the baseline itself has changed nothing.
 *
 * @param reference items of the reference that differ from the baseline (`other`)
 * @param run items of the other run that differ from the baseline
 */
export function joinChanged(reference: readonly Example[], run: readonly Example[]): Example[] {
  const joined = new Map<number, Example>();
  // What the run did not change has the baseline's prediction, which the reference's entry knows as `other`.
  for (const { item, label, prediction, other } of reference) {
    joined.set(item, { item, label, prediction: other ?? prediction, other: prediction });
  }
  for (const { item, label, prediction, other } of run) {
    joined.set(item, { item, label, prediction, other: joined.get(item)?.other ?? other });
  }
  return [...joined.values()]
    .filter((example) => example.prediction !== example.other)
    .toSorted((one, two) => one.item - two.item);
}

export interface Slice<T> {
  readonly rows: readonly T[];
  /** From 1, within what exists. */
  readonly page: number;
  readonly pages: number;
  /** Places of the first and the last row, from 1; both 0 where there are none. */
  readonly from: number;
  readonly to: number;
}

/** One page of a list; a page that does not exist becomes the nearest that does. */
export function pageOf<T>(all: readonly T[], asked: number, size: number): Slice<T> {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const page = Math.min(pages, Math.max(1, Math.trunc(asked) || 1));
  const start = (page - 1) * size;
  const rows = all.slice(start, start + size);
  return { rows, page, pages, from: rows.length > 0 ? start + 1 : 0, to: start + rows.length };
}
