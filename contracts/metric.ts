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
  "fidelity/sqnr": "higher",
  "fidelity/max-abs-diff": "lower",
  "fidelity/kl": "lower",
  "size/file": "lower",
  "size/gzip": "lower",
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

/** Fractions are compared in points (0.01 = 1 point), all others in per cent of the baseline. */
export function isFraction(id: string): boolean {
  const { name } = parseMetricId(id);
  return (
    name === "quality/top1" ||
    name === "quality/ndcg10" ||
    name.startsWith("fidelity/argmax") ||
    name === "fidelity/cosine"
  );
}
