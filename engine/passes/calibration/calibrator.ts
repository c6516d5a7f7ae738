import type { Range } from "./range.ts";

/**
 * Learns the range of one activation batch by batch; memory does not grow with the data. `sweeps` says how often it
 * must see all batches: where more than once, every sweep gives the same batches in the same order.
 */
export interface Calibrator {
  readonly sweeps: 1 | 2;
  /** @param sweep 0, or 1 for the second time */
  observe(values: Float32Array, sweep: number): void;
  /** Undefined where no number was seen. */
  range(): Range | undefined;
}
