import { changeOf, isComparable } from "#contracts/change.ts";
import type { RunValue } from "#contracts/run.ts";

/** Inferences at the far and the near end of the saving's interval. */
export interface InferenceBand {
  readonly from: number;
  readonly to: number;
}

/**
 * After how many inferences the energy that an experiment used is repaid by the energy it saves. `never`: no energy
 * is saved. `unclear`: the saving's interval includes zero or has none.
 */
export type BreakEven =
  | { readonly kind: "after"; readonly inferences: number; readonly band: InferenceBand | null }
  | { readonly kind: "never" | "unclear" | "unknown" };

type Values = Readonly<Record<string, RunValue>>;

/**
 * From `experiment/energy` and the change of `energy/per-1000` against the baseline, both in kWh. The change was
 * measured with variant and baseline in turn; the difference of two values that were measured apart would hold what
 * the machine did in between.
 */
export function breakEvenOf(values: Values, baseline: Values | undefined): BreakEven {
  const spent = values["experiment/energy"];
  const own = values["energy/per-1000"];
  const reference = baseline?.["energy/per-1000"];
  if (!spent || !own || !reference || !isComparable(own, reference)) return { kind: "unknown" };
  const change = changeOf("energy/per-1000", own);
  if (!change) return { kind: "unknown" };
  const { finding, low, high } = change;
  if (finding === "worse") return { kind: "never" };
  if (finding !== "better") return { kind: "unclear" };
  const inferences = (perThousand: number) => (1_000 * spent.value) / -perThousand;
  const band = low === null || high === null ? null : { from: inferences(low), to: inferences(high) };
  return { kind: "after", inferences: inferences(change.value), band };
}
