import type { MeasurementName } from "#engine/evaluate/measurement/names.ts";
import { parseMetricId } from "./measurement.ts";

export type Better = "higher" | "lower";

/** Which way each quantity is better. A new name of the engine without an entry does not compile. */
const directions: Record<MeasurementName, Better> = {
  "quality/top1": "higher",
  "quality/loss": "lower",
  "quality/rmse": "lower",
  "quality/mae": "lower",
  "quality/ndcg10": "higher",
  "fidelity/cosine": "higher",
  "fidelity/argmax-agreement": "higher",
  "fidelity/relative-error": "lower",
  "fidelity/sqnr": "higher",
  "fidelity/max-abs-diff": "lower",
  "fidelity/kl": "lower",
  "size/file": "lower",
  "size/gzip": "lower",
  "size/encoded": "lower",
  "size/parameters": "lower",
  "size/sparsity": "higher",
  "latency/p50": "lower",
  "latency/p95": "lower",
  throughput: "higher",
  "memory/peak": "lower",
  "cpu/seconds-per-1000": "lower",
  "energy/per-1000": "lower",
  "carbon/per-1000": "lower",
  "cost/per-million": "lower",
  "experiment/energy": "lower",
  "experiment/cpu-seconds": "lower",
  "experiment/wall": "lower",
};

/**
 * Counts that describe a model and are no aim by themselves: zeros neither shrink a file nor speed it up, quantised
 * weights have more of them because small values round to zero, and fewer parameters show in the bytes. They have a
 * direction, so that they can be sorted and divided, but a change of them is neither better nor worse.
 */
const descriptions: ReadonlySet<string> = new Set<MeasurementName>(["size/parameters", "size/sparsity"]);

/** True where a change is neither better nor worse. */
export function isDescription(id: string): boolean {
  return descriptions.has(parseMetricId(id).name);
}

const isKnown = (name: string): name is MeasurementName => Object.hasOwn(directions, name);

/** Which way a metric is better, by name or by ID; undefined for one that this version does not know. */
export function betterOf(id: string): Better | undefined {
  const { name } = parseMetricId(id);
  return isKnown(name) ? directions[name] : undefined;
}

const order: readonly string[] = [...Object.keys(directions), "experiment/carbon"];

/** For sorting: metrics in the order in which pages show them, unknown ones last. */
export function byMetric(one: string, other: string): number {
  const rank = (id: string) => {
    const at = order.indexOf(parseMetricId(id).name);
    return at < 0 ? order.length : at;
  };
  return rank(one) - rank(other) || (one < other ? -1 : one > other ? 1 : 0);
}

/** Groups of measurements as pages show them, in reading order. */
export const metricGroups = [
  "quality",
  "fidelity",
  "size",
  "speed",
  "footprint",
  "experiment",
  "other",
] as const;
export type MetricGroup = (typeof metricGroups)[number];

const groupOfPrefix: Readonly<Record<string, MetricGroup>> = {
  quality: "quality",
  fidelity: "fidelity",
  size: "size",
  latency: "speed",
  throughput: "speed",
  memory: "speed",
  cpu: "speed",
  energy: "footprint",
  carbon: "footprint",
  cost: "footprint",
  experiment: "experiment",
};

export function groupOf(id: string): MetricGroup {
  return groupOfPrefix[parseMetricId(id).name.split("/")[0] ?? ""] ?? "other";
}

/** What a person may ask of a variant's cost; the frontier's horizontal axis. */
export const costMetrics = [
  "size/file",
  "size/gzip",
  "size/encoded",
  "latency/p50",
  "energy/per-1000",
  "carbon/per-1000",
  "cost/per-million",
] as const satisfies readonly MeasurementName[];
export type CostMetric = (typeof costMetrics)[number];

/** Names that can stand for a run's quality, the most telling first. */
const qualityNames = [
  "quality/top1",
  "quality/ndcg10",
  "quality/rmse",
  "quality/mae",
  "quality/loss",
  "fidelity/argmax-agreement",
  "fidelity/cosine",
  // What an output of one value per item is led with: it has no arg max and no cosine, and unlike SQNR, which is
  // infinite for a variant without any error, this has a value for every variant.
  "fidelity/relative-error",
  "fidelity/sqnr",
] as const satisfies readonly MeasurementName[];

const splitRank = ["test", "tuning", "calibration", "train", ""];

/** Of the metrics that exist, those that can stand for quality; the test split before others. */
export function qualityMetrics(ids: readonly string[]): string[] {
  const rank = (id: string) => {
    const { name, split } = parseMetricId(id);
    return qualityNames.findIndex((known) => known === name) * 10 + splitRank.indexOf(split);
  };
  return ids
    .filter((id) => qualityNames.some((known) => known === parseMetricId(id).name))
    .toSorted((one, other) => rank(one) - rank(other));
}

/** Fidelity compares with the original itself, so that it needs no labels, and says nothing of accuracy. */
export function isFidelity(id: string): boolean {
  return groupOf(id) === "fidelity";
}

/** Shares of items, which are shown in per cent and compared in points (0.01 = 1 point). A cosine is none. */
export function isFraction(id: string): boolean {
  const { name } = parseMetricId(id);
  return name === "quality/top1" || name === "quality/ndcg10" || name === "fidelity/argmax-agreement";
}

/** Numbers without a unit whose differences are plain numbers too: 0.99987 − 1 = −0.00013. */
export function isPlainNumber(id: string): boolean {
  const { name } = parseMetricId(id);
  return name === "fidelity/cosine" || name === "fidelity/relative-error";
}

/** Metrics whose budget is an amount of their own (0.01 is a point, or 0.01 of a cosine), not a share of the baseline. */
export function hasOwnBudget(id: string): boolean {
  return isFraction(id) || isPlainNumber(id);
}
