import { canonicalJson } from "./canonical-json.ts";
import type { Sha256 } from "./dataset/digest.ts";
import type { Manifest, SplitName, Task } from "./dataset/manifest.schema.ts";
import type { Conditions } from "./measurement.schema.ts";

/** Raised whenever a metric's definition changes, so that old and new values are never ranked together. */
export const metricCode = "1";

/** What must be equal for two quality values to be compared. */
export interface QualityConditions {
  readonly task: Task;
  /** Digest of the dataset version (all its files), so that vocabularies count too. */
  readonly dataset: string;
  readonly split: SplitName;
  readonly preprocessing: readonly unknown[];
}

/** Key of a quality value: values are compared only under an equal key. */
export function qualityKey(conditions: QualityConditions, sha256: Sha256): string {
  return digest({ kind: "quality", metricCode, ...conditions }, sha256);
}

/** How a manifest prepares inputs, without the names of a model's inputs, which differ between models. */
export function preprocessingOf(manifest: Manifest): unknown[] {
  return manifest.inputs.map(({ to: _, ...rest }) => rest);
}

export type PerformanceConditions = Required<Omit<Conditions, "items">>;

/**
 * Key of a latency, throughput, memory or energy value. Feature and shape names are sorted, so that their order
 * does not matter.
 */
export function performanceKey(conditions: PerformanceConditions, sha256: Sha256): string {
  const cpuFeatures = conditions.cpuFeatures.toSorted();
  // A model's input names are its own affair: shapes are compared as a sorted list.
  const inputShapes = Object.values(conditions.inputShapes)
    .map((shape) => shape.join("×"))
    .sort();
  return digest({ kind: "performance", ...conditions, cpuFeatures, inputShapes }, sha256);
}

/** True where conditions are complete enough for a performance key. */
export function hasPerformanceConditions(conditions: Conditions): conditions is PerformanceConditions {
  const { cpuModel, cpuFeatures, threads, batch, inputShapes, runtime, runtimeVersion, protocol } =
    conditions;
  return [cpuModel, cpuFeatures, threads, batch, inputShapes, runtime, runtimeVersion, protocol].every(
    (value) => value !== undefined,
  );
}

function digest(value: unknown, sha256: Sha256): string {
  return sha256(new TextEncoder().encode(canonicalJson(value)));
}
