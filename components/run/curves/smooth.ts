/** Share of the value before in each smoothed value: about ten points count. */
const memory = 0.9;

/**
 * The exponential mean of a series, without the pull towards zero at its beginning (Kingma and Ba 2015, 1412.6980,
 * section 3): what is written m̂ there.
 */
export function smoothed(values: readonly number[]): number[] {
  let mean = 0;
  let weight = 0;
  return values.map((value) => {
    mean = memory * mean + (1 - memory) * value;
    weight = memory * weight + (1 - memory);
    return mean / weight;
  });
}
