import type { BaselineDelta, Measured, MeasurementRow, Tier } from "#contracts/measurement.ts";
import { measurementNames } from "#engine/evaluate/measurement/names.ts";
import { type MeasurementInterval, tiers } from "#engine/evaluate/measurement.schema.ts";

/** A row of the measurement table, as far as it describes the value. */
export interface MeasurementColumns {
  readonly name: string;
  /** Empty where no dataset is involved. */
  readonly split: string;
  readonly value: number;
  readonly unit: string;
  readonly intervalKind: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number | null;
  readonly intervalMethod: string | null;
  readonly n: number;
  readonly tier: string;
  readonly method: string;
  readonly scope: string;
  readonly conditions: unknown;
  readonly qualityKey: string | null;
  readonly performanceKey: string | null;
  readonly deltaValue: number | null;
  readonly deltaPercent: number | null;
  readonly deltaLow: number | null;
  readonly deltaHigh: number | null;
  readonly deltaMethod: string | null;
  readonly detail: unknown;
}

/** Which keys of `detail` belong to the columns and not to the caller. */
const deltaKey = "deltaInterval";

export function toColumns(measured: Measured): MeasurementColumns {
  const { interval, baselineDelta, detail } = measured;
  const bounds = typeof interval === "object" ? interval : undefined;
  const change = baselineDelta?.interval;
  const changeBounds = typeof change === "object" ? change : undefined;
  const kept = baselineDelta && {
    [deltaKey]: changeBounds ? { level: changeBounds.level, method: changeBounds.method } : change,
  };
  return {
    name: measured.name,
    split: measured.split ?? "",
    value: measured.value,
    unit: measured.unit,
    intervalKind: bounds ? "interval" : String(interval),
    low: bounds?.low ?? null,
    high: bounds?.high ?? null,
    level: bounds?.level ?? null,
    intervalMethod: bounds?.method ?? null,
    n: measured.n,
    tier: measured.tier,
    method: measured.method,
    scope: measured.scope,
    conditions: measured.conditions,
    qualityKey: measured.qualityKey,
    performanceKey: measured.performanceKey,
    deltaValue: baselineDelta?.value ?? null,
    deltaPercent: baselineDelta?.percent ?? null,
    deltaLow: changeBounds?.low ?? null,
    deltaHigh: changeBounds?.high ?? null,
    deltaMethod: baselineDelta?.method ?? null,
    detail: detail || kept ? { ...detail, ...kept } : null,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function intervalOf(
  kind: unknown,
  low: number | null,
  high: number | null,
  level: unknown,
  method: unknown,
): MeasurementInterval {
  if (kind === "exact" || kind === "n=1") return kind;
  if (low === null || high === null) return "n=1";
  return { low, high, level: typeof level === "number" ? level : null, method: String(method ?? "") };
}

function deltaOf(row: MeasurementColumns, detail: Record<string, unknown>): BaselineDelta | null {
  if (row.deltaValue === null) return null;
  const kept = detail[deltaKey];
  const [level, method] = isRecord(kept) ? [kept.level, kept.method] : [null, row.deltaMethod];
  return {
    value: row.deltaValue,
    percent: row.deltaPercent,
    interval: intervalOf(kept, row.deltaLow, row.deltaHigh, level, method),
    method: row.deltaMethod ?? "",
  };
}

const isTier = (value: string): value is Tier => tiers.some((tier) => tier === value);

/** A stored row as the API gives it. */
export function toMeasurementRow(row: MeasurementColumns & { readonly measuredAt: Date }): MeasurementRow {
  const detail = isRecord(row.detail) ? row.detail : {};
  const { [deltaKey]: _, ...rest } = detail;
  return {
    name: row.name,
    split: row.split === "" ? null : row.split,
    value: row.value,
    unit: row.unit,
    interval: intervalOf(row.intervalKind, row.low, row.high, row.level, row.intervalMethod),
    n: row.n,
    // What this version does not know is shown as the weakest claim.
    tier: isTier(row.tier) ? row.tier : "planned",
    method: row.method,
    scope: row.scope,
    conditions: isRecord(row.conditions) ? row.conditions : {},
    baselineDelta: deltaOf(row, detail),
    qualityKey: row.qualityKey,
    performanceKey: row.performanceKey,
    detail: Object.keys(rest).length > 0 ? rest : null,
    measuredAt: row.measuredAt,
    derivedFrom: null,
  };
}

/** Which way a quantity is better; undefined for one that this version does not know. */
export function betterOf(name: string): "higher" | "lower" | undefined {
  return Object.entries(measurementNames).find(([known]) => known === name)?.[1].better;
}
