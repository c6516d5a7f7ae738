import type { Calibrator } from "./calibrator.ts";
import { type Range, rangeOf, symmetricRange, union } from "./range.ts";

/** The smallest and the largest value of all; NaN is passed over. */
export class MinMax implements Calibrator {
  readonly sweeps = 1;
  readonly #symmetric: boolean;
  #seen: Range | undefined;

  constructor(options: { symmetric?: boolean } = {}) {
    this.#symmetric = options.symmetric ?? false;
  }

  observe(values: Float32Array): void {
    this.#seen = union(this.#seen, rangeOf(values));
  }

  range(): Range | undefined {
    return this.#seen && (this.#symmetric ? symmetricRange(this.#seen) : this.#seen);
  }
}
