import type { ClassChange, Comparison, Example } from "#contracts/run.ts";

/** Per-item predictions of a run on one split, in the order of its items. */
export interface Predictions {
  readonly split: string;
  /** Rows in the dataset. */
  readonly items: Int32Array;
  readonly labels: Int32Array;
  readonly predictions: Int32Array;
}

function sameItems(one: Predictions, other: Predictions): boolean {
  if (one.split !== other.split || one.items.length !== other.items.length) return false;
  return one.items.every(
    (item, index) => item === other.items[index] && one.labels[index] === other.labels[index],
  );
}

const incomparable = (reason: string): Omit<Comparison, "runId"> => ({
  comparable: false,
  reason,
  items: 0,
  bothCorrect: 0,
  bothWrong: 0,
  gained: 0,
  lost: 0,
  perClass: [],
  disagreeing: [],
});

/**
 * Compares two runs item by item.
 *
 * @param first the run compared with
 * @param keep how many disagreeing items are listed
 */
export function comparePredictions(
  first: Predictions | undefined,
  other: Predictions | undefined,
  keep: number,
): Omit<Comparison, "runId"> {
  if (!first || !other) return incomparable("noExamples");
  if (!sameItems(first, other)) return incomparable("otherItems");
  const classes = new Map<number, { items: number; correctFirst: number; correctOther: number }>();
  const disagreeing: Example[] = [];
  const counts = { bothCorrect: 0, bothWrong: 0, gained: 0, lost: 0 };
  for (const [index, label] of first.labels.entries()) {
    const [a = -1, b = -1] = [first.predictions[index], other.predictions[index]];
    const [wasRight, isRight] = [a === label, b === label];
    counts[wasRight ? (isRight ? "bothCorrect" : "lost") : isRight ? "gained" : "bothWrong"]++;
    const own = classes.get(label) ?? { items: 0, correctFirst: 0, correctOther: 0 };
    own.items++;
    own.correctFirst += wasRight ? 1 : 0;
    own.correctOther += isRight ? 1 : 0;
    classes.set(label, own);
    if (a !== b && disagreeing.length < keep) {
      disagreeing.push({ item: first.items[index] ?? -1, label, prediction: b, other: a });
    }
  }
  const perClass: ClassChange[] = [...classes]
    .sort(([one], [two]) => one - two)
    .map(([label, own]) => ({ label, ...own }));
  return { comparable: true, reason: null, items: first.items.length, ...counts, perClass, disagreeing };
}

/** Positions of the items to show. */
export function selectItems(
  own: Predictions,
  baseline: Predictions | undefined,
  show: "changed" | "wrong" | "all",
): { positions: number[]; other: Int32Array | undefined } {
  const other = baseline && sameItems(own, baseline) ? baseline.predictions : undefined;
  const positions: number[] = [];
  for (const index of own.items.keys()) {
    const wanted =
      show === "all" ||
      (show === "wrong"
        ? own.predictions[index] !== own.labels[index]
        : other && other[index] !== own.predictions[index]);
    if (wanted) positions.push(index);
  }
  return { positions, other };
}
