/**
 * Standard normal distribution function, absolute error below 1e-13: the Taylor-like series of Marsaglia 2004
 * ("Evaluating the normal distribution", J. Stat. Software 11(4)) near zero, Laplace's continued fraction in
 * the tails, where the series cancels.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 5) return 1 - upperTail(x);
  if (x < -5) return upperTail(-x);
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

function upperTail(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  let fraction = x;
  for (let k = 60; k > 0; k--) fraction = x + k / fraction;
  return density(x) / fraction;
}

/**
 * Quantile of the standard normal distribution: bisection on `normalCdf`, about 1e-13 accurate in the middle.
 * Used a few times per report, so speed is no concern.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) {
    if (p === 0) return Number.NEGATIVE_INFINITY;
    return p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  }
  let low = -40;
  let high = 40;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The factor of a two-sided interval, 1.959964 at level 0.95. */
export function criticalValue(level: number): number {
  return normalQuantile((1 + level) / 2);
}
