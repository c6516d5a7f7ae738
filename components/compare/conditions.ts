import type { MeasurementRow } from "#contracts/measurement.ts";

/** Conditions that a performance key is made of, in the order in which a reader asks for them. */
export const conditionNames = [
  "cpuModel",
  "cpuFeatures",
  "threads",
  "batch",
  "inputShapes",
  "runtime",
  "runtimeVersion",
  "engineVersion",
  "protocol",
] as const;
export type ConditionName = (typeof conditionNames)[number];

type Conditioned = Pick<MeasurementRow, "conditions">;

/** Lists are compared without their order and objects by their values, as the key is. */
function comparable(value: unknown): string {
  const list = Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null
      ? Object.values(value)
      : undefined;
  if (list) return JSON.stringify(list.map((part) => JSON.stringify(part)).toSorted());
  return JSON.stringify(value) ?? "";
}

/** The stated conditions in which two values differ; empty where they differ in none that is stated. */
export function differingConditions(one: Conditioned, other: Conditioned): ConditionName[] {
  return conditionNames.filter(
    (name) => comparable(one.conditions[name]) !== comparable(other.conditions[name]),
  );
}
