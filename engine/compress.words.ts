/** What is said of a recipe as a whole. */
export const words = {
  wouldGrow:
    "the file would grow from {old, number} to {now, number} bytes: its weights are smaller than what the technique adds",
  notApplicable: "not applicable, because {reasons}",
  noSteps: "not applicable, because the recipe has no steps",
  times: "{reason} ({count, number}×)",
  step: "Step {step, number}: {warning}",
} as const;
