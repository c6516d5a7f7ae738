import { EngineError } from "#engine/error.ts";
import type { CarbonFactor } from "./factors.ts";

/**
 * Operational emissions in grams of CO₂ equivalent: kWh × PUE × grams per kWh, location-based (the E · I part of
 * ISO/IEC 21031:2024; no offsets, no embodied part). Derived when it is read, from stored kWh and a versioned
 * factor, never stored by itself.
 *
 * @param pue at least 1
 */
export function carbonGrams(kWh: number, factor: Pick<CarbonFactor, "gramsPerKWh">, pue: number): number {
  if (!(pue >= 1)) throw new EngineError("invalid-option", `A PUE is at least 1, not ${pue}`);
  return kWh * pue * factor.gramsPerKWh;
}
