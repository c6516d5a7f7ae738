export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Beyond this many line pairs the middle is shown as replaced as a whole, so that a page never hangs. */
const mostPairs = 4_000_000;

/**
 * The lines of two texts, side by side in one list: those of both, those only of `before` (removed) and those only
 * of `after` (added), with as many in common as possible (longest common subsequence). Takes O(n · m) time and memory
 * on what lies between the common beginning and end.
 */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [one, other] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (
    end < one.length - start &&
    end < other.length - start &&
    one[one.length - 1 - end] === other[other.length - 1 - end]
  )
    end++;
  const same = (lines: readonly string[]) => lines.map((text) => ({ kind: "same" as const, text }));
  return [
    ...same(one.slice(0, start)),
    ...middleDiff(one.slice(start, one.length - end), other.slice(start, other.length - end)),
    ...same(one.slice(one.length - end)),
  ];
}

function middleDiff(one: readonly string[], other: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: "removed", text });
  const added = (text: string): DiffLine => ({ kind: "added", text });
  if (one.length * other.length > mostPairs) return [...one.map(removed), ...other.map(added)];
  const width = other.length + 1;
  // common[i · width + j]: lines in common of one from i and other from j.
  const common = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      common[i * width + j] =
        one[i] === other[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    const [mine = "", theirs = ""] = [one[i], other[j]];
    if (mine === theirs) {
      lines.push({ kind: "same", text: mine });
      i++;
      j++;
    } else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)) {
      lines.push(removed(mine));
      i++;
    } else {
      lines.push(added(theirs));
      j++;
    }
  }
  return [...lines, ...one.slice(i).map(removed), ...other.slice(j).map(added)];
}
