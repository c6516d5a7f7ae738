import { EngineError } from "#engine/error.ts";
import { type Circumstances, measured } from "../measurement/build.ts";
import type { Conditions, Measurement } from "../measurement.schema.ts";
import { estimateMean, estimateShare } from "../metrics/compare.ts";
import type { ItemOutputs } from "../tensors/item-outputs.ts";
import { compareOutputs, type OutputFidelity } from "./compare-outputs.ts";

export interface FidelityReport {
  readonly measurements: readonly Measurement[];
  readonly perOutput: ReadonlyMap<string, OutputFidelity>;
  /** What makes the variant unusable whatever the averages say, in words; empty where nothing does. */
  readonly alarms: readonly string[];
}

export interface FidelityInput {
  readonly original: ReadonlyMap<string, ItemOutputs>;
  readonly variant: ReadonlyMap<string, ItemOutputs>;
  readonly conditions: Conditions;
  /** Where the inputs came from, for the method: "seeded inputs, seed 1" or "calibration items". */
  readonly inputs: string;
  readonly seed: number;
}

/**
 * Compares a variant with its original without labels. Measurements are of the first output; every output is in
 * `perOutput`, and the alarms cover all of them. This is fidelity to the original, never accuracy.
 *
 * @throws EngineError "data-mismatch" where an output of the original is missing in the variant
 */
export function assessFidelity(input: FidelityInput): FidelityReport {
  const perOutput = new Map<string, OutputFidelity>();
  const alarms: string[] = [];
  for (const [name, original] of input.original) {
    const variant = input.variant.get(name);
    if (variant === undefined) {
      throw new EngineError("data-mismatch", `The variant lacks the output "${name}" of its original`);
    }
    const fidelity = compareOutputs(original, variant);
    perOutput.set(name, fidelity);
    if (fidelity.nonFinite > 0)
      alarms.push(`output "${name}" has ${fidelity.nonFinite} values that are not finite`);
    if (fidelity.constant) alarms.push(`output "${name}" is the same for every input`);
  }
  const [first] = perOutput.values();
  const measurements = first === undefined ? [] : measure(first, input);
  return { measurements, perOutput, alarms };
}

function measure(fidelity: OutputFidelity, input: FidelityInput): Measurement[] {
  const { seed, conditions, inputs } = input;
  const of = (method: string): Circumstances => ({
    split: null,
    tier: "metered",
    method: `${method}, on ${inputs}`,
    scope: "process",
    conditions,
  });
  const single = (value: number) => ({ value, interval: undefined, n: 1 });
  const cosine = estimateMean(fidelity.cosine, "mean", seed);
  return [
    measured("fidelity/cosine", cosine, of("mean cosine of the outputs")),
    fidelity.agreement &&
      measured(
        "fidelity/argmax-agreement",
        estimateShare(fidelity.agreement),
        of("share with the same arg max"),
      ),
    fidelity.divergence &&
      measured(
        "fidelity/kl",
        estimateMean(fidelity.divergence, "mean", seed),
        of("mean KL(original ‖ variant)"),
      ),
    measured("fidelity/sqnr", single(fidelity.sqnr), of("10 log10 of signal over noise")),
    measured("fidelity/max-abs-diff", single(fidelity.maxAbsDiff), of("largest absolute difference")),
  ].filter((measurement) => measurement !== undefined);
}
