import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";

/**
 * Score interval of a single proportion (Wilson 1927, J. Amer. Statist. Assoc. 22:209–212):
 * (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
 *
 * @param successes count, 0 ≤ successes ≤ n
 * @param n items, at least 1
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): Interval {
  const z = criticalValue(level);
  const p = successes / n;
  const centre = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return {
    // At the ends the formula gives 0 and 1 up to rounding; the exact value reads better.
    low: successes === 0 ? 0 : (centre - half) / scale,
    high: successes === n ? 1 : (centre + half) / scale,
    level,
    method: "Wilson score",
  };
}
