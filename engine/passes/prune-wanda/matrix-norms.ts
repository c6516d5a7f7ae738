/**
 * Adds to `sums` the squares of an activation per entry of one of its axes, over all other axes.
 *
 * @param values row-major, of shape `dims`
 * @param sums one entry per index of `axis`
 */
export function addSquares(
  values: ArrayLike<number>,
  dims: readonly number[],
  axis: number,
  sums: Float64Array,
): void {
  const length = dims[axis] ?? 0;
  const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = dims.slice(0, axis).reduce((a, b) => a * b, 1);
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < length; k++) {
      let sum = 0;
      for (let i = 0; i < inner; i++, at++) sum += (values[at] ?? 0) ** 2;
      sums[k] = (sums[k] ?? 0) + sum;
    }
  }
}
