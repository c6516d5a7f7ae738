/** What one made-up input costs. */
export interface InputCost {
  /** Multiply-accumulates of a run; null where they could not be counted. */
  readonly macs: number | null;
  /** Elements of all inputs and outputs of a run, which are kept in memory. */
  readonly elements: number;
}

/** Enough for a share near 1 to have an interval of some six points. */
const fewest = 64;
/** Enough for one of half a point: a share of 1 is then at least 0.996 with 95 % confidence. */
const most = 1024;
/** Multiply-accumulates spent on one model: some seconds of one thread. */
const budget = 5e10;
/** Making up, converting and keeping an element costs about as much as this many multiply-accumulates. */
const perElement = 2500;

/**
 * How many made-up inputs two models are compared on: as many as fit a budget of work, a power of two from 64 to
 * 1,024. It follows from the model alone, never from a clock, so that every machine compares on the same inputs.
 */
export function seededInputCount({ macs, elements }: InputCost): number {
  const affordable = budget / Math.max(1, macs ?? 0, elements * perElement);
  return Math.min(most, Math.max(fewest, 2 ** Math.floor(Math.log2(affordable))));
}
