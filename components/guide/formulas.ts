/**
 * Factor of the learning rate after a share of a training: half a cosine, after a linear warm-up over `warmup` of it
 * (Loshchilov and Hutter 2017, 1608.03983).
 */
export function cosineFactor(done: number, warmup: number): number {
  if (done < warmup) return done / warmup;
  return 0.5 * (1 + Math.cos((Math.PI * (done - warmup)) / (1 - warmup)));
}

/**
 * Share of the weights that are zero after a share of the pruning: fast at first, when many weights are superfluous, and
 * slower towards the end (Zhu and Gupta 2017, 1710.01878, equation 1).
 */
export function sparsityAt(done: number, from: number, to: number): number {
  return to + (from - to) * (1 - done) ** 3;
}

/** Probabilities of classes from their scores; a higher temperature makes them more alike (Hinton et al. 2015, 1503.02531). */
export function softmax(scores: readonly number[], temperature: number): number[] {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp((score - top) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** A value as whole numbers of `bits` bits can hold it: rounded to a multiple of `step` and cut at both ends. */
export function quantized(value: number, step: number, bits: number): number {
  const most = 2 ** (bits - 1) - 1;
  return step * Math.min(most, Math.max(-most - 1, Math.round(value / step)));
}

/** Share of the units that are left after some of the rounds, each of which removes the same share of those before it. */
export function unitsLeft(ratio: number, round: number, rounds: number): number {
  return (1 - ratio) ** (round / rounds);
}

/** Weights of a matrix, and of the two that take its place at a rank. */
export function factorized(rows: number, columns: number, rank: number) {
  return { before: rows * columns, after: rank * (rows + columns) };
}
