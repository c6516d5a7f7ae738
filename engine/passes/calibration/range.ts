/** Smallest and largest value of an activation, both float32. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The range widened so that it is as wide on either side of 0. */
export function symmetricRange({ low, high }: Range): Range {
  const bound = Math.max(Math.abs(low), Math.abs(high));
  return { low: -bound, high: bound };
}

/** The smallest range that holds both; one that is not known adds nothing. */
export function union(a: Range | undefined, b: Range | undefined): Range | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/** Range of some values; undefined where all of them are NaN or there are none. Infinities count. */
export function rangeOf(values: Float32Array): Range | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : undefined;
}
