import type {
  BaselineDelta,
  Derivation,
  MeasurementInterval,
  MeasurementRow,
} from "#contracts/measurement.ts";
import { carbonGrams } from "#engine/energy/carbon.ts";
import { costPerMillion } from "#engine/energy/cost.ts";
import { carbonFactor, factorsVersion, pueValues, worldFactor } from "#engine/energy/factors.ts";

/** What an organisation has set, and from which carbon and cost follow. */
export interface DerivationSettings {
  readonly gridRegion: string;
  readonly pricePerCpuHour: number;
  readonly currency: string;
}

/** No overhead of a data centre is added: nothing is known of the building. Said in the method of every value. */
const pue = pueValues.machine;

interface Derived {
  readonly name: string;
  /** The stored quantity that it is proportional to. */
  readonly from: string;
  readonly unit: (settings: DerivationSettings) => string;
  readonly factor: (settings: DerivationSettings) => Omit<Derivation, "metric">;
}

function carbon(settings: DerivationSettings): Omit<Derivation, "metric"> {
  const known = carbonFactor(settings.gridRegion);
  const found = known ?? worldFactor;
  const place = known ? found.name : `${found.name}, as no factor is known for "${settings.gridRegion}"`;
  return {
    factor: carbonGrams(1, found, pue),
    factorUnit: "gCO2e/kWh",
    source: `${place}: ${found.gramsPerKWh} gCO2e/kWh, ${found.source}, factor set ${factorsVersion}, PUE ${pue}`,
    year: found.year,
  };
}

function cost({ pricePerCpuHour, currency }: DerivationSettings): Omit<Derivation, "metric"> {
  return {
    // One CPU second for a thousand inferences is a thousandth of a second for one.
    factor: costPerMillion(1 / 1_000, { perCpuHour: pricePerCpuHour, currency }),
    factorUnit: `${currency} per million inferences for each CPU second per thousand`,
    source: `${pricePerCpuHour} ${currency} per CPU hour, set by the organisation`,
    year: null,
  };
}

const derived: readonly Derived[] = [
  { name: "carbon/per-1000", from: "energy/per-1000", unit: () => "gCO2e", factor: carbon },
  { name: "experiment/carbon", from: "experiment/energy", unit: () => "gCO2e", factor: carbon },
  { name: "cost/per-million", from: "cpu/seconds-per-1000", unit: ({ currency }) => currency, factor: cost },
];

/** Names of what follows from a stored quantity. */
export function derivedFor(stored: string): readonly { name: string; unit: string }[] {
  const settings = { gridRegion: "world", pricePerCpuHour: 0, currency: "currency" };
  return derived
    .filter(({ from }) => from === stored)
    .map(({ name, unit }) => ({ name, unit: unit(settings) }));
}

/** The stored quantity behind a name and the factor between them; the name itself with factor 1 for a stored one. */
export function storedFor(name: string, settings: DerivationSettings): { name: string; factor: number } {
  const found = derived.find((entry) => entry.name === name);
  return found ? { name: found.from, factor: found.factor(settings).factor } : { name, factor: 1 };
}

function scale(interval: MeasurementInterval, factor: number): MeasurementInterval {
  if (typeof interval === "string") return interval;
  return { ...interval, low: interval.low * factor, high: interval.high * factor };
}

function scaleDelta(delta: BaselineDelta | null, factor: number): BaselineDelta | null {
  return delta && { ...delta, value: delta.value * factor, interval: scale(delta.interval, factor) };
}

interface Rule {
  readonly name: string;
  readonly unit: string;
  readonly derivation: Derivation;
}

/** What follows from which stored name under these settings: the same for every row of a list. */
function rulesOf(settings: DerivationSettings): ReadonlyMap<string, readonly Rule[]> {
  const rules = derived.map(({ name, from, unit, factor }) => ({
    name,
    unit: unit(settings),
    derivation: { metric: from, ...factor(settings) },
  }));
  return Map.groupBy(rules, ({ derivation }) => derivation.metric);
}

function apply({ name, unit, derivation }: Rule, row: MeasurementRow): MeasurementRow {
  const { factor, source } = derivation;
  return {
    ...row,
    name,
    value: row.value * factor,
    unit,
    interval: scale(row.interval, factor),
    baselineDelta: scaleDelta(row.baselineDelta, factor),
    tier: "modelled",
    method: `${row.name} × ${source}; ${row.method}`,
    detail: null,
    derivedFrom: derivation,
  };
}

/**
 * Makes of what was measured what people see: the stored measurements, then those that follow from them, carbon from
 * energy and cost from CPU seconds. These are always modelled.
 */
export function deriver(settings: DerivationSettings): (rows: readonly MeasurementRow[]) => MeasurementRow[] {
  const rules = rulesOf(settings);
  return (rows) => [
    ...rows,
    ...rows.flatMap((row) => (rules.get(row.name) ?? []).map((rule) => apply(rule, row))),
  ];
}
