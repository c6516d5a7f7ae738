const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);
const infinity = 0x7f80_0000;

/**
 * Magnitude bits of the smallest float32 with |w| / statistic ≥ threshold in float64: the quotient grows with the
 * bits, so that comparing bits decides as comparing quotients would.
 *
 * @param statistic finite, larger than 0
 */
export function absoluteThreshold(statistic: number, threshold: number): number {
  let low = 0;
  let high = infinity;
  while (low < high) {
    const middle = (low + high) >>> 1;
    words[0] = middle;
    if (floats[0]! / statistic >= threshold) high = middle;
    else low = middle + 1;
  }
  return low;
}
