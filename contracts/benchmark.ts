import { z } from "zod";
import { type MeasurementRow, metricName } from "./measurement.ts";
import { slug } from "./slug.ts";

const title = z.string().trim().min(1).max(100);

/** Quantities that a leaderboard can be ordered by, besides its own quality metric. */
export const costMetrics = [
  "size/file",
  "size/gzip",
  "size/encoded",
  "latency/p50",
  "energy/per-1000",
  "carbon/per-1000",
  "cost/per-million",
] as const;

export const createBenchmarkInput = z.object({
  name: title,
  description: z.string().trim().max(2_000),
  /** Run whose data, split, conditions and tiers every entry is compared under. */
  baselineRunId: z.uuid(),
  qualityMetric: metricName,
  isPublic: z.boolean(),
});

export const benchmarkSlug = z.object({ benchmark: slug });
export const leaderboardInput = benchmarkSlug.extend({
  /** Metric to rank by; the benchmark's quality metric where it is absent. */
  by: metricName.optional(),
});
export const submitInput = benchmarkSlug.extend({ runId: z.uuid(), title });
export const withdrawInput = z.object({ submissionId: z.uuid() });

export interface BenchmarkRow {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly organisation: string;
  readonly isPublic: boolean;
  readonly task: string;
  readonly dataset: string;
  readonly entries: number;
  readonly createdAt: Date;
}

/** A cell of the board. */
export type BoardValue = Pick<
  MeasurementRow,
  "value" | "unit" | "interval" | "n" | "tier" | "method" | "baselineDelta" | "qualityKey" | "performanceKey"
>;

export interface BoardEntry {
  readonly id: string;
  readonly title: string;
  readonly organisation: string;
  readonly submittedAt: Date;
  readonly isBaseline: boolean;
  /** True where the viewer's organisation submitted it and its members may withdraw it. */
  readonly isOwn: boolean;
  /** Standard competition rank, or why there is none. The baseline is never ranked. */
  readonly rank: number | "missing" | "otherConditions" | "otherTier" | "baseline";
  readonly tied: boolean;
  /** By metric name. */
  readonly values: Readonly<Record<string, BoardValue>>;
}

export interface Leaderboard extends Omit<BenchmarkRow, "entries"> {
  readonly split: string;
  readonly qualityMetric: string;
  readonly higherIsBetter: boolean;
  /** The metric that this board is ranked by, and the tier that is ranked. */
  readonly by: string;
  readonly tier: string;
  /** What the entries have values of, among those that a board shows: its quality, the costs, and what it is ranked by. */
  readonly metrics: readonly string[];
  readonly entries: readonly BoardEntry[];
}
