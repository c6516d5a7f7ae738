/**
 * Every quantity that the engine measures: its unit, which way is better, and what a page may say about it.
 * Names are stored; they are never renamed, only added.
 */
export const measurementNames = {
  /** Share of items whose highest score is the label. */
  "quality/top1": { unit: "fraction", better: "higher" },
  /** Mean cross-entropy. */
  "quality/loss": { unit: "nat", better: "lower" },
  /** Root of the mean squared error, in units of the label. */
  "quality/rmse": { unit: "label unit", better: "lower" },
  "quality/mae": { unit: "label unit", better: "lower" },
  /** Mean NDCG of the ten best ranked items of each list. */
  "quality/ndcg10": { unit: "fraction", better: "higher" },
  /** Mean over items of the cosine between the outputs of original and variant; only where an item has several. */
  "fidelity/cosine": { unit: "1", better: "higher" },
  /** Share of items, or of the positions of an item, whose highest score is of the same class. */
  "fidelity/argmax-agreement": { unit: "fraction", better: "higher" },
  /** Root mean square of the difference over that of the original's outputs. */
  "fidelity/relative-error": { unit: "1", better: "lower" },
  /** Signal to quantisation noise ratio of the outputs: −20 log₁₀ of the relative error. */
  "fidelity/sqnr": { unit: "dB", better: "higher" },
  "fidelity/max-abs-diff": { unit: "1", better: "lower" },
  /** Mean Kullback–Leibler divergence of the variant's probabilities from the original's. */
  "fidelity/kl": { unit: "nat", better: "lower" },
  "size/file": { unit: "B", better: "lower" },
  "size/gzip": { unit: "B", better: "lower" },
  /** Of the deep form (`docs/engine/deep-form.md`), the whole file. */
  "size/encoded": { unit: "B", better: "lower" },
  "size/parameters": { unit: "count", better: "lower" },
  /** Share of weights that are exactly zero; of no use by itself. */
  "size/sparsity": { unit: "fraction", better: "higher" },
  "latency/p50": { unit: "ms", better: "lower" },
  "latency/p95": { unit: "ms", better: "lower" },
  throughput: { unit: "items/s", better: "higher" },
  /** Peak resident memory of a process that loads and runs nothing but the model. */
  "memory/peak": { unit: "B", better: "lower" },
  "cpu/seconds-per-1000": { unit: "s", better: "lower" },
  "energy/per-1000": { unit: "kWh", better: "lower" },
  "carbon/per-1000": { unit: "gCO2e", better: "lower" },
  /** The unit is the currency of the price. */
  "cost/per-million": { unit: "currency", better: "lower" },
  "experiment/energy": { unit: "kWh", better: "lower" },
  "experiment/cpu-seconds": { unit: "s", better: "lower" },
  "experiment/wall": { unit: "s", better: "lower" },
} as const satisfies Record<string, { unit: string; better: "higher" | "lower" }>;

export type MeasurementName = keyof typeof measurementNames;
