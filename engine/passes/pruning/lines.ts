/**
 * A tensor as lines of numbers: entry k of line (o, i) stands at (o · length + k) · inner + i of the row-major values,
 * 0 ≤ o < outer, 0 ≤ i < inner.
 */
export interface Lines {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/**
 * The lines of a tensor along one of its axes.
 *
 * @param segments into how many equal lines the axis is cut; it must divide the axis
 */
export function linesAlong(dims: readonly number[], axis: number, segments = 1): Lines {
  const product = (part: readonly number[]) => part.reduce((a, b) => a * b, 1);
  return {
    outer: product(dims.slice(0, axis)) * segments,
    length: (dims[axis] ?? 1) / segments,
    inner: product(dims.slice(axis + 1)),
  };
}

/** Calls `visit` for each line: entry k of it stands at `start + k · stride`. */
export function forEachLine(
  { outer, length, inner }: Lines,
  visit: (start: number, stride: number, line: number) => void,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) visit(o * length * inner + i, inner, o * inner + i);
  }
}
