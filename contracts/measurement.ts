import { z } from "zod";
import {
  type BaselineDelta,
  type Conditions,
  type MeasurementInterval,
  measurementSchema,
  type Tier,
} from "#engine/evaluate/measurement.schema.ts";

export type { BaselineDelta, Conditions, MeasurementInterval, Tier };

/** Name of a quantity, such as `latency/p50`; those that exist stand in the engine's table of names. */
export const metricName = z.string().regex(/^[a-z0-9][a-z0-9_./:-]{0,79}$/);

/** A column of the run table: `name`, or `name@split` where it was measured on a split of the dataset. */
export const metricId = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9_./:-]{0,79}(@(train|calibration|tuning|test))?$/);

export interface Metric {
  readonly name: string;
  /** Empty where no dataset is involved. */
  readonly split: string;
}

export function parseMetricId(id: string): Metric {
  const [name = "", split = ""] = id.split("@");
  return { name, split };
}

export function metricIdOf({ name, split }: { name: string; split: string | null }): string {
  return split ? `${name}@${split}` : name;
}

const key = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable();

/** A value as a child measured it: the engine's measurement, its comparability keys, and what belongs to it. */
export const measuredSchema = z.strictObject({
  ...measurementSchema.shape,
  qualityKey: key,
  performanceKey: key,
  /** For `quality/top1`: the classes. JSON. */
  detail: z.record(z.string(), z.unknown()).nullable(),
});
export type Measured = z.infer<typeof measuredSchema>;

/** A measurement as the API gives it: stored, or derived from a stored one at read time (carbon, cost). */
export interface MeasurementRow {
  readonly name: string;
  readonly split: string | null;
  readonly value: number;
  readonly unit: string;
  readonly interval: MeasurementInterval;
  readonly n: number;
  readonly tier: Tier;
  readonly method: string;
  readonly scope: string;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly baselineDelta: BaselineDelta | null;
  readonly qualityKey: string | null;
  readonly performanceKey: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
  readonly measuredAt: Date;
  readonly derivedFrom: Derivation | null;
}

/** How a derived value came from a stored one: value = stored · factor. */
export interface Derivation {
  readonly metric: string;
  readonly factor: number;
  readonly factorUnit: string;
  readonly source: string;
  readonly year: number | null;
}

/** One class in the `detail` of `quality/top1`. */
export interface ClassDetail {
  readonly class: number;
  readonly recall: number;
  readonly n: number;
  readonly change: {
    readonly value: number;
    readonly low: number | null;
    readonly high: number | null;
  } | null;
}
