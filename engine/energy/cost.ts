import { EngineError } from "#engine/error.ts";

/** One price setting: what an hour of one CPU costs. */
export interface CpuPrice {
  readonly perCpuHour: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/**
 * Cost of a million inferences: 10⁶ × CPU seconds per inference / 3600 × price per CPU hour. Counts the CPU that
 * is used; a server that waits for requests costs more per inference.
 */
export function costPerMillion(cpuSecondsPerInference: number, price: CpuPrice): number {
  if (!(price.perCpuHour >= 0)) throw new EngineError("invalid-option", "A price is a number from 0 on");
  return ((1e6 * cpuSecondsPerInference) / 3600) * price.perCpuHour;
}
