import { changeOf, isComparable } from "#contracts/change.ts";
import type { RunValue } from "#contracts/run.ts";

/**
 * After how many inferences the energy that an experiment used is repaid by the energy it saves. `never`: no energy
 * is saved. `unclear`: the saving's interval includes zero or has none.
 */
export type BreakEven =
  | { readonly kind: "after"; readonly inferences: number }
  | { readonly kind: "never" | "unclear" | "unknown" };

type Values = Readonly<Record<string, RunValue>>;

/** From `experiment/energy` and `energy/per-1000`, both in kWh. */
export function breakEvenOf(values: Values, baseline: Values | undefined): BreakEven {
  const spent = values["experiment/energy"];
  const own = values["energy/per-1000"];
  const reference = baseline?.["energy/per-1000"];
  if (!spent || !own || !reference || !isComparable(own, reference)) return { kind: "unknown" };
  const saved = (reference.value - own.value) / 1_000;
  const finding = changeOf("energy/per-1000", own)?.finding;
  if (finding === "worse" || saved <= 0) return { kind: "never" };
  if (finding !== "better") return { kind: "unclear" };
  return { kind: "after", inferences: spent.value / saved };
}
