import { forEachLine, type Lines } from "./lines.ts";

/** What ranks the weights: one score per weight, and the weights themselves, whose magnitude decides between equals. */
export interface Ranked {
  readonly values: Float32Array;
  readonly scores: Float32Array | Float64Array;
}

/** Scores that are plain magnitudes. NaN ranks above everything and is therefore kept. */
export function magnitudes(values: Float32Array): Float32Array {
  return values.map(sizeOf);
}

function sizeOf(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value);
}

/**
 * A copy of the values with n:m sparsity: each line is cut into groups of m from its start, and of each group the n
 * entries with the highest score stay. Of equal scores the larger magnitude stays, of equal magnitudes the earlier
 * entry. A last group of r < m entries counts as if zeros filled it up: min(n, r) of it stay.
 */
export function keepPerGroup(ranked: Ranked, lines: Lines, n: number, m: number): Float32Array {
  const { scores } = ranked;
  const { outer, length, inner } = lines;
  const out = ranked.values.slice();
  const group = new Float64Array(m);
  for (let o = 0; o < outer; o++) {
    for (let from = 0; from < length; from += m) {
      const size = Math.min(m, length - from);
      const start = (o * length + from) * inner;
      // Neighbouring lines, one after the other, lie beside each other in memory.
      for (let at = start; at < start + inner; at++) {
        for (let k = 0; k < size; k++) group[k] = scores[at + k * inner]!;
        for (let k = 0; k < size; k++) {
          const score = group[k]!;
          let better = 0;
          for (let other = 0; other < size; other++) {
            const rival = group[other]!;
            if (rival > score) better++;
            else if (rival === score && other !== k && outranks(ranked, at + other * inner, at + k * inner))
              better++;
          }
          if (better >= n) out[at + k * inner] = 0;
        }
      }
    }
  }
  return out;
}

/** Whether the entry at `a` stays rather than the one at `b`. */
function outranks({ values, scores }: Ranked, a: number, b: number): boolean {
  const [one, other] = [scores[a] ?? 0, scores[b] ?? 0];
  if (one !== other) return one > other;
  const [large, small] = [sizeOf(values[a] ?? 0), sizeOf(values[b] ?? 0)];
  return large !== small ? large > small : a < b;
}

/**
 * A copy of the values in which, of each line, the `count` entries with the lowest score are zero. Of equal scores the
 * larger magnitude stays, of equal magnitudes the earlier entry.
 */
export function removePerLine(ranked: Ranked, lines: Lines, count: number): Float32Array {
  const { scores } = ranked;
  const out = ranked.values.slice();
  if (count <= 0) return out;
  const sorted = new Float64Array(lines.length);
  forEachLine(lines, (start, stride) => {
    for (let k = 0; k < lines.length; k++) sorted[k] = scores[start + k * stride] ?? 0;
    sorted.sort();
    const border = sorted[Math.min(count, lines.length) - 1] ?? 0;
    let left = count;
    const level: number[] = [];
    for (let k = 0; k < lines.length; k++) {
      const at = start + k * stride;
      const score = scores[at] ?? 0;
      if (score < border) {
        out[at] = 0;
        left--;
      } else if (score === border) level.push(at);
    }
    // Those that stay come first.
    if (level.length > left) level.sort((a, b) => (outranks(ranked, a, b) ? -1 : 1));
    for (const at of level.slice(level.length - left)) out[at] = 0;
  });
  return out;
}
