/** An interval estimate. `level` is the confidence level actually reached, for example 0.95. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly method: string;
}

/** An estimate with its interval, which is absent where the sample is too small for one. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval | undefined;
  /** Items (or groups) that the estimate rests on. */
  readonly n: number;
}
