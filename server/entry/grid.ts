import { carbonFactors } from "#engine/energy/factors.ts";

/** Carbon intensity of the electricity of each place that the factor table knows; for pages that let one choose. */
export function gridRegions() {
  return carbonFactors.map(({ region, gramsPerKWh, year }) => ({ region, gramsPerKWh, year }));
}
