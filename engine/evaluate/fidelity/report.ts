import { EngineError } from "#engine/error.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { type Circumstances, measured } from "../measurement/build.ts";
import type { Conditions, Measurement } from "../measurement.schema.ts";
import { estimateMean } from "../metrics/compare.ts";
import { bcaInterval } from "../statistics/bootstrap.ts";
import type { Estimate } from "../statistics/interval.ts";
import { wilsonInterval } from "../statistics/wilson.ts";
import type { ItemOutputs } from "../tensors/item-outputs.ts";
import { compareOutputs, decibels, noiseRatio, type OutputFidelity } from "./compare-outputs.ts";

export interface FidelityReport {
  readonly measurements: readonly Measurement[];
  readonly perOutput: ReadonlyMap<string, OutputFidelity>;
  /** What makes the variant unusable whatever the averages say, in words; empty where nothing does. */
  readonly alarms: readonly EngineRemark[];
}

export interface FidelityInput {
  readonly original: ReadonlyMap<string, ItemOutputs>;
  readonly variant: ReadonlyMap<string, ItemOutputs>;
  readonly conditions: Conditions;
  /** Where the inputs came from, for the method: "seeded inputs, seed 1" or "calibration items". */
  readonly inputs: string;
  readonly seed: number;
  /** Name of the output that is measured, for example `scoreOutput`'s. Default: the first. */
  readonly output?: string;
}

/**
 * Compares a variant with its original without labels. Measurements are of one output, which their method names;
 * every output is in `perOutput`, and the alarms cover all of them. This is fidelity to the original, never accuracy.
 *
 * What fits the output is measured: the relative error and SQNR always, the cosine where an item has more than one
 * value, agreement where `scoreAxis` finds scores over classes. Intervals are over items, which are independent, not
 * over the positions of an item, which are not.
 *
 * @throws EngineError "data-mismatch" where an output of the original is missing in the variant
 */
export function assessFidelity(input: FidelityInput): FidelityReport {
  const perOutput = new Map<string, OutputFidelity>();
  const alarms: EngineRemark[] = [];
  for (const [name, original] of input.original) {
    const variant = input.variant.get(name);
    if (variant === undefined) {
      throw new EngineError("data-mismatch", `The variant lacks the output "${name}" of its original`);
    }
    const fidelity = compareOutputs(original, variant, name);
    perOutput.set(name, fidelity);
    if (fidelity.nonFinite > 0) alarms.push(say("fidelity.notFinite", { name, count: fidelity.nonFinite }));
    if (fidelity.constant) alarms.push(say("fidelity.constant", { name }));
  }
  const name = input.output ?? [...perOutput.keys()][0] ?? "";
  const lead = perOutput.get(name);
  return { measurements: lead === undefined ? [] : measure(lead, name, input), perOutput, alarms };
}

function measure(fidelity: OutputFidelity, name: string, input: FidelityInput): Measurement[] {
  const { seed, conditions, inputs } = input;
  const items = fidelity.noise.length;
  const of = (method: string): Circumstances => ({
    split: null,
    tier: "metered",
    method: `${method}, output "${name}", on ${inputs}`,
    scope: "process",
    conditions: items > 0 ? { ...conditions, items } : conditions,
  });
  const mean = (values: Float64Array) => estimateMean(values, "mean", seed);
  const error = estimateError(fidelity, seed);
  const greatest: Estimate = { value: fidelity.maxAbsDiff, interval: undefined, n: 1 };
  const where = fidelity.positions > 1 ? `, mean over ${fidelity.positions} positions of an item` : "";
  return [
    fidelity.cosine &&
      measured("fidelity/cosine", mean(fidelity.cosine), of("mean over items of the cosine of the outputs")),
    fidelity.agreement &&
      measured(
        "fidelity/argmax-agreement",
        estimateAgreement(fidelity.agreement, fidelity.positions, seed),
        of(`share with the same arg max${where}`),
      ),
    fidelity.divergence &&
      measured("fidelity/kl", mean(fidelity.divergence), of(`mean KL(original ‖ variant)${where}`)),
    measured(
      "fidelity/relative-error",
      error,
      of("root of the summed squared differences over summed squares"),
    ),
    measured("fidelity/sqnr", inDecibels(error), of("10 log10 of signal over noise")),
    measured("fidelity/max-abs-diff", greatest, of("largest absolute difference")),
  ].filter((measurement) => measurement !== undefined);
}

/** Mean share of agreeing positions, with Wilson's interval for items of one position, else a bootstrap over items. */
function estimateAgreement(shares: Float64Array, positions: number, seed: number): Estimate {
  const estimate = estimateMean(shares, "mean", seed);
  const { value, n } = estimate;
  // Where all items are alike a bootstrap has nothing to tell. Of all shares with a mean those that are 0 or 1 vary
  // the most, so that Wilson's interval over items is then too wide rather than too narrow.
  const isAlike = shares.every((share) => share === shares[0]);
  if (n === 0 || (positions > 1 && !isAlike)) return estimate;
  return { value, n, interval: wilsonInterval(value === 1 ? n : value * n, n) };
}

/** Relative error with a bootstrap interval over items, which have their signal and noise in common. */
function estimateError({ signal, noise, relativeError }: OutputFidelity, seed: number): Estimate {
  const combine = ([power, error]: readonly number[]) => Math.sqrt(noiseRatio(power!, error!));
  const interval = Number.isFinite(relativeError)
    ? bcaInterval([signal, noise], combine, { seed })
    : undefined;
  // Resamples of items that are zero throughout have no relative error.
  const isBounded = interval && Number.isFinite(interval.low) && Number.isFinite(interval.high);
  return { value: relativeError, interval: isBounded ? interval : undefined, n: noise.length };
}

/** A relative error as SQNR, which is a function of it: low and high change places. */
function inDecibels({ value, interval, n }: Estimate): Estimate {
  const of = (error: number) => decibels(error ** 2);
  const bounds = interval && { ...interval, low: of(interval.high), high: of(interval.low) };
  return { value: of(value), interval: Number.isFinite(bounds?.high) ? bounds : undefined, n };
}
