/**
 * Cosine between two vectors, from −1 to 1; 1 where both are zero, 0 where one is. Components that are not finite in
 * either are left out. Says nothing for vectors of one component: there it is the product of the signs.
 */
export function cosineOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  // Scaling to the largest value keeps squares of very small or large outputs from leaving the range.
  const [scaleOne, scaleOther] = [largest(one), largest(other)];
  if (scaleOne === 0 && scaleOther === 0) return 1;
  if (scaleOne === 0 || scaleOther === 0) return 0;
  let dot = 0;
  let first = 0;
  let second = 0;
  for (let index = 0; index < one.length; index++) {
    const x = one[index]! / scaleOne;
    const y = other[index]! / scaleOther;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    dot += x * y;
    first += x * x;
    second += y * y;
  }
  return Math.min(1, Math.max(-1, dot / Math.sqrt(first * second)));
}

function largest(values: ArrayLike<number>): number {
  let found = 0;
  for (let index = 0; index < values.length; index++) {
    const size = Math.abs(values[index]!);
    if (Number.isFinite(size) && size > found) found = size;
  }
  return found;
}
