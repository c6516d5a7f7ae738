/**
 * P(|T| ≤ t) of Student's distribution, by the finite series for whole degrees of freedom (Abramowitz and Stegun 1964,
 * 26.7.3 and 26.7.4).
 */
function centralShare(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, square] = [Math.sin(angle), Math.cos(angle) ** 2];
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = isOdd ? 2 : 1; k <= freedom - 3; k += 2) {
    term *= (square * k) / (k + 1);
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/** The t that |T| stays below with probability `level`; bisection. @param freedom whole, from 1 */
export function studentCritical(freedom: number, level = 0.95): number {
  let [low, high] = [0, 1e6];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (centralShare(middle, freedom) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export interface Mean {
  readonly mean: number;
  /** Half of the width of the 95 % interval by Student's t; not a number for a single value. */
  readonly half: number;
  readonly n: number;
}

export function meanOf(values: readonly number[]): Mean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, half: n < 2 ? Number.NaN : studentCritical(n - 1) * Math.sqrt(variance / n), n };
}
