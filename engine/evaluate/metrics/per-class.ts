import type { Estimate } from "../statistics/interval.ts";
import { compareShares, type Difference, estimateShare } from "./compare.ts";

/** How well a class is found, and how that changed against the baseline. */
export interface ClassRecall {
  readonly class: number;
  readonly recall: Estimate;
  readonly change: Difference | undefined;
}

/**
 * Recall of each class that has items: the share of its items that are classified right. With the baseline's
 * results the change comes with a paired interval per class. Twenty classes give twenty intervals at 95 %, so one
 * of them is expected to exclude zero by chance alone.
 */
export function recallPerClass(
  labels: ArrayLike<number>,
  candidate: Uint8Array,
  baseline?: Uint8Array,
): ClassRecall[] {
  const items = new Map<number, number[]>();
  for (let item = 0; item < labels.length; item++) {
    const members = items.get(labels[item]!);
    if (members === undefined) items.set(labels[item]!, [item]);
    else members.push(item);
  }
  return [...items]
    .sort(([one], [other]) => one - other)
    .map(([label, members]) => {
      const pick = (values: Uint8Array) => Uint8Array.from(members, (item) => values[item]!);
      const after = pick(candidate);
      const change = baseline === undefined ? undefined : compareShares(pick(baseline), after);
      return { class: label, recall: estimateShare(after), change };
    });
}
