import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";

/**
 * Score interval of the difference of two paired proportions (Tango 1998, Statistics in Medicine 17:891–908).
 * For a 2×2 table of n pairs with `gained` pairs right only in the second condition and `lost` right only in the
 * first, the interval holds every δ with |gained − lost − nδ| ≤ z √(n (2 q̂ + δ(1 − δ))), q̂ being the maximum
 * likelihood estimate of the probability of a loss under δ. It keeps its coverage where gains and losses are few
 * or zero, which is the usual case for a compressed model.
 *
 * @returns the interval of p(second) − p(first), as fractions
 */
export function pairedProportionInterval(gained: number, lost: number, n: number, level = 0.95): Interval {
  const z = criticalValue(level);
  const difference = (gained - lost) / n;
  return {
    low: solve(gained, lost, n, z, -1, difference),
    high: solve(gained, lost, n, -z, difference, 1),
    level,
    method: "Tango score, paired",
  };
}

/** Tango's statistic falls monotonically in δ, so bisection finds where it equals `target`. */
function solve(gained: number, lost: number, n: number, target: number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (statistic(gained, lost, n, middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function statistic(gained: number, lost: number, n: number, delta: number): number {
  const a = 2 * n;
  const b = -gained - lost + (2 * n - gained + lost) * delta;
  const c = -lost * delta * (1 - delta);
  const loss = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
  const variance = n * (2 * loss + delta * (1 - delta));
  const deviation = gained - lost - n * delta;
  if (variance > 0) return deviation / Math.sqrt(variance);
  return deviation === 0 ? 0 : Math.sign(deviation) * Number.POSITIVE_INFINITY;
}
