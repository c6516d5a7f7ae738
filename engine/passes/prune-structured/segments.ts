import type { Dim } from "#engine/graph/shapes/info.ts";

/** Axes of the input, and axes of the output that hold the same elements in the same order. */
export interface Segment {
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** The sizes on both sides are known and multiply to the same number. */
  readonly known: boolean;
}

/**
 * Cuts a Reshape into the shortest runs of axes that hold the same elements, from the end as far as sizes are known,
 * then from the front, where equal symbols are equal sizes. What remains in the middle is one run; it is known where it
 * is one axis on each side, which must be equal because everything else is.
 */
export function segmentsOf(from: readonly Dim[], to: readonly Dim[]): Segment[] {
  const back: Segment[] = [];
  let [a, b] = [from.length, to.length];
  for (;;) {
    const run = runBefore(from, to, a, b);
    if (run === undefined) break;
    back.unshift({ from: between(run[0], a), to: between(run[1], b), known: true });
    [a, b] = run;
  }
  const front: Segment[] = [];
  let [start, first] = [0, 0];
  while (start < a && first < b && from[start] !== undefined && from[start] === to[first]) {
    front.push({ from: [start++], to: [first++], known: true });
  }
  const middle: Segment = { from: between(start, a), to: between(first, b), known: false };
  const single = middle.from.length === 1 && middle.to.length === 1;
  const empty = middle.from.length === 0 && middle.to.length === 0;
  return [...front, ...(empty ? [] : [{ ...middle, known: single }]), ...back];
}

/** Starts of the shortest runs that end at `a` and `b` and hold the same number of elements. */
function runBefore(
  from: readonly Dim[],
  to: readonly Dim[],
  a: number,
  b: number,
): readonly [number, number] | undefined {
  if (a === 0 || b === 0) return undefined;
  let [i, j] = [a - 1, b - 1];
  let [left, right] = [from[i], to[j]];
  for (;;) {
    if (typeof left !== "number" || typeof right !== "number" || left < 1 || right < 1) return undefined;
    if (left === right) return [i, j];
    if (left < right) {
      const next = from[--i];
      if (i < 0 || typeof next !== "number") return undefined;
      left *= next;
    } else {
      const next = to[--j];
      if (j < 0 || typeof next !== "number") return undefined;
      right *= next;
    }
  }
}

function between(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, at) => start + at);
}
