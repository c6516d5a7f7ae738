/** One value as a leaderboard compares it. */
export interface Rankable {
  readonly value: number;
  /** Bounds of the interval; equal to the value where it is exact. */
  readonly low: number;
  readonly high: number;
  readonly tier: string;
  /** Comparability key under which the value was taken; undefined where the quantity needs none (a file's size). */
  readonly key: string | undefined;
}

export interface Entry {
  readonly id: string;
  readonly submittedAt: Date;
  /** undefined where the entry has no value of this name. */
  readonly measured: Rankable | undefined;
}

/** Why an entry is shown without a rank. */
export type Unranked = "missing" | "otherConditions" | "otherTier";

export interface Ranked {
  readonly id: string;
  /** Standard competition rank (1, 2=, 2=, 4), or the reason why there is none. */
  readonly rank: number | Unranked;
  /** True where another entry has the same rank: within the noise nobody is ahead. */
  readonly tied: boolean;
}

export interface Rule {
  readonly higherIsBetter: boolean;
  /** Key that a value must have been taken under; undefined where the quantity needs none. */
  readonly key: string | undefined;
  readonly tier: string;
}

function reasonAgainst(entry: Entry, rule: Rule): Unranked | undefined {
  if (!entry.measured || !Number.isFinite(entry.measured.value)) return "missing";
  if (rule.key !== undefined && entry.measured.key !== rule.key) return "otherConditions";
  return entry.measured.tier === rule.tier ? undefined : "otherTier";
}

/**
 * Ranks entries by one quantity. Only values of the rule's key and tier are compared. Going down from the best, an
 * entry shares the rank of the group's first one where their intervals overlap; the next group's rank counts all
 * before it. Inside a group the better value stands first, then the earlier submission, so that a later tie never
 * displaces an earlier entry. Entries without a rank stand last, in order of submission.
 */
export function rank(entries: readonly Entry[], rule: Rule): Ranked[] {
  const sign = rule.higherIsBetter ? -1 : 1;
  const byTime = (a: Entry, b: Entry) =>
    a.submittedAt.getTime() - b.submittedAt.getTime() || (a.id < b.id ? -1 : 1);
  const comparable = entries.flatMap((entry) =>
    entry.measured && reasonAgainst(entry, rule) === undefined ? [{ entry, measured: entry.measured }] : [],
  );
  comparable.sort((a, b) => sign * (a.measured.value - b.measured.value) || byTime(a.entry, b.entry));

  const groups: (typeof comparable)[] = [];
  for (const item of comparable) {
    const group = groups.at(-1);
    const first = group?.[0]?.measured;
    if (group && first && item.measured.low <= first.high && first.low <= item.measured.high)
      group.push(item);
    else groups.push([item]);
  }
  const ranked: Ranked[] = [];
  for (const group of groups) {
    const place = ranked.length + 1;
    for (const { entry } of group) ranked.push({ id: entry.id, rank: place, tied: group.length > 1 });
  }
  for (const entry of entries.toSorted(byTime)) {
    const reason = reasonAgainst(entry, rule);
    if (reason) ranked.push({ id: entry.id, rank: reason, tied: false });
  }
  return ranked;
}
