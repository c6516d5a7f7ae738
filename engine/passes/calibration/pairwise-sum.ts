const { fround } = Math;
const block = 128;
const lanes = new Float32Array(8);

/** Sum of [start, end) in float32 in the order in which NumPy adds: halves, then eight sums side by side. */
export function pairwiseSum(values: Float32Array, start = 0, end = values.length): number {
  const count = end - start;
  if (count > block) {
    const middle = start + (count >> 1) - ((count >> 1) % 8);
    return fround(pairwiseSum(values, start, middle) + pairwiseSum(values, middle, end));
  }
  let sum = 0;
  let at = start;
  if (count >= 8) {
    lanes.fill(0);
    for (; at + 8 <= end; at += 8) {
      for (let lane = 0; lane < 8; lane++) lanes[lane] = (lanes[lane] ?? 0) + (values[at + lane] ?? 0);
    }
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = lanes;
    sum = fround(fround(fround(a + b) + fround(c + d)) + fround(fround(e + f) + fround(g + h)));
  }
  for (; at < end; at++) sum = fround(sum + (values[at] ?? 0));
  return sum;
}
