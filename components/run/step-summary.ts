import { defaultSparsity } from "#engine/passes/prune.magnitude.schema.ts";
import type { Recipe } from "#engine/recipe.schema.ts";

type Step = Recipe["steps"][number];

/** A step in few words, as engineers write it: technique and what differs from its defaults. Names of options stay English. */
export function stepSummary(step: Step): string {
  switch (step.use) {
    case "prune.magnitude": {
      const share = Number(((step.sparsity ?? defaultSparsity) * 100).toFixed(2));
      const amount = step.threshold === undefined ? `${share}%` : `< ${step.threshold}`;
      return [
        step.use,
        amount,
        step.scope === "layer" && "per layer",
        step.protect.length > 0 && `protect ${step.protect.length}`,
      ]
        .filter(Boolean)
        .join(" ");
    }
    case "quantize.dynamic":
      return [step.use, step.weight_type, step.per_channel && "per channel", step.reduce_range && "7 bits"]
        .filter(Boolean)
        .join(" ");
    case "cast.float16":
      return [step.use, !step.keep_io_types && "inputs and outputs too"].filter(Boolean).join(" ");
  }
}
