export interface RankingResult {
  /** NDCG per list that has an order to find. */
  readonly ndcg: Float64Array;
  /** Number of each such list, as in `groups`. */
  readonly lists: Int32Array;
}

/**
 * Normalised discounted cumulated gain at `depth` (Järvelin and Kekäläinen 2002) per list, with the gain 2^r − 1
 * (Burges et al. 2005) and the discount log₂(rank + 1). Items with equal scores share the mean gain of their
 * places (McSherry and Najork 2008), so that a model which gives every item the same score gains nothing from the
 * order of the file. Lists whose relevances are all equal are left out: every order is right there.
 *
 * @param scores predicted score per item
 * @param relevances true relevance per item, at least 0; larger is better
 * @param groups list number per item
 */
export function scoreRanking(
  scores: ArrayLike<number>,
  relevances: ArrayLike<number>,
  groups: ArrayLike<number>,
  depth = 10,
): RankingResult {
  const members = new Map<number, number[]>();
  for (let item = 0; item < groups.length; item++) {
    const list = members.get(groups[item]!);
    if (list === undefined) members.set(groups[item]!, [item]);
    else list.push(item);
  }
  const ndcg: number[] = [];
  const lists: number[] = [];
  for (const [group, items] of members) {
    const first = relevances[items[0]!]!;
    if (items.every((item) => relevances[item] === first)) continue;
    const gain = (item: number) => 2 ** relevances[item]! - 1;
    const ideal = items.toSorted((one, other) => relevances[other]! - relevances[one]!);
    // A score that is not a number ranks last.
    const score = (item: number) => (Number.isNaN(scores[item]!) ? Number.NEGATIVE_INFINITY : scores[item]!);
    const ranked = items.toSorted((one, other) => compareDescending(score(one), score(other)));
    ndcg.push(dcg(ranked, score, gain, depth) / dcg(ideal, (item) => relevances[item]!, gain, depth));
    lists.push(group);
  }
  return { ndcg: Float64Array.from(ndcg), lists: Int32Array.from(lists) };
}

function compareDescending(one: number, other: number): number {
  return one === other ? 0 : one > other ? -1 : 1;
}

function dcg(
  ranked: readonly number[],
  score: (item: number) => number,
  gain: (item: number) => number,
  depth: number,
): number {
  let total = 0;
  for (let start = 0; start < Math.min(ranked.length, depth); ) {
    let end = start + 1;
    while (end < ranked.length && score(ranked[end]!) === score(ranked[start]!)) end++;
    const tied = ranked.slice(start, end);
    const mean = tied.reduce((sum, item) => sum + gain(item), 0) / tied.length;
    for (let place = start; place < Math.min(end, depth); place++) total += mean / Math.log2(place + 2);
    start = end;
  }
  return total;
}
