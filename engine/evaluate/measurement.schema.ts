import { z } from "zod";
import { splitNames } from "./dataset/manifest.schema.ts";
import { type MeasurementName, measurementNames } from "./measurement/names.ts";

/** How a value came to be; values of different tiers are never ranked together. */
export const tiers = ["metered", "modelled", "imported", "planned"] as const;
export type Tier = (typeof tiers)[number];

/** What a value is a property of. */
export const scopes = ["process", "package", "machine", "file"] as const;

const names = Object.keys(measurementNames) as MeasurementName[];

/** `level` is the confidence level, or null for a band of assumptions that has none. */
export const intervalSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lte(1).nullable(),
  method: z.string(),
});

/** Under what a value was taken. Fields that have no bearing on the value are left out. */
export const conditionsSchema = z.strictObject({
  cpuModel: z.string().optional(),
  /** Instruction sets that matter to the kernels, sorted. */
  cpuFeatures: z.array(z.string()).optional(),
  threads: z.number().int().positive().optional(),
  batch: z.number().int().positive().optional(),
  /** Shape of each input as it was fed. */
  inputShapes: z.record(z.string(), z.array(z.number().int())).optional(),
  runtime: z.string().optional(),
  runtimeVersion: z.string().optional(),
  engineVersion: z.string(),
  protocol: z.string().optional(),
  /** Inputs on which outputs of two models were compared. */
  items: z.number().int().positive().optional(),
});

export const measurementSchema = z.strictObject({
  name: z.enum(names),
  value: z.number(),
  unit: z.string(),
  /** "exact" for counts; "n=1" for a single observation without a known spread. */
  interval: z.union([intervalSchema, z.literal("exact"), z.literal("n=1")]),
  /** Items, queries or repetitions behind the value. */
  n: z.number().int().positive(),
  split: z.enum(splitNames).nullable(),
  tier: z.enum(tiers),
  method: z.string(),
  scope: z.enum(scopes),
  conditions: conditionsSchema,
  /** Candidate minus baseline; `percent` is relative to the baseline, null where that is zero. */
  baselineDelta: z
    .strictObject({
      value: z.number(),
      percent: z.number().nullable(),
      interval: z.union([intervalSchema, z.literal("exact"), z.literal("n=1")]),
      method: z.string(),
    })
    .optional(),
});

export type Measurement = z.infer<typeof measurementSchema>;
export type MeasurementInterval = Measurement["interval"];
export type Conditions = z.infer<typeof conditionsSchema>;
export type BaselineDelta = NonNullable<Measurement["baselineDelta"]>;
