/**
 * Transcendental functions built from additions, multiplications and divisions alone. ECMAScript leaves the last
 * bits of `Math.exp` and `Math.sin` to the implementation; the four basic operations and `Math.sqrt` are exact
 * IEEE 754. What is computed from these functions is therefore the same, bit for bit, on every machine.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** 2ᵏ for −1022 ≤ k ≤ 1023; exact, because each doubling or halving is. */
function powerOfTwo(exponent: number): number {
  let value = 1;
  const factor = exponent < 0 ? 0.5 : 2;
  for (let i = Math.abs(exponent); i > 0; i--) value *= factor;
  return value;
}

/** eˣ by reduction to |r| ≤ ln 2 / 2 and a Taylor polynomial of degree 13; relative error below 1e-15. */
export function exp(x: number): number {
  if (x > 709) return Number.POSITIVE_INFINITY;
  if (x < -708) return 0;
  const k = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let degree = 13; degree > 0; degree--) sum = 1 + (r / degree) * sum;
  return sum * powerOfTwo(k);
}

/** sin x, x in radians, by reduction to [−π, π] and a Taylor polynomial; absolute error below 1e-9. */
export function sin(x: number): number {
  const turns = Math.floor(x / (2 * Math.PI) + 0.5);
  const r = x - turns * 2 * Math.PI;
  let sum = 1;
  for (let n = 24; n > 0; n -= 2) sum = 1 - ((r * r) / (n * (n + 1))) * sum;
  return r * sum;
}

/** cos x, x in radians. */
export function cos(x: number): number {
  return sin(x + Math.PI / 2);
}
