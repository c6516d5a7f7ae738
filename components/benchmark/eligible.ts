import type { MeasurementRow } from "#contracts/measurement.ts";
import { qualityMetrics } from "#contracts/metric.ts";
import type { RunState } from "#contracts/run.ts";

/** What has to be known of a run to say whether it may enter a board or open one. */
export interface Candidate {
  readonly id: string;
  readonly recipeName: string;
  readonly isBaseline: boolean;
  readonly state: RunState;
  readonly measurements: readonly Pick<MeasurementRow, "name" | "split" | "qualityKey">[];
}

/** Names of the qualities that others can be compared by: measured on a test split, the most telling first. */
export function qualitiesOf(run: Candidate): string[] {
  const comparable = run.measurements.filter(
    ({ name, split, qualityKey }) => name.startsWith("quality/") && split === "test" && qualityKey !== null,
  );
  return qualityMetrics(comparable.map(({ name }) => name));
}

/** Why no board can be opened from this run; undefined where one can. The key of a sentence. */
export function cannotOpen(run: Candidate): "notBaseline" | "notFinished" | "noQuality" | undefined {
  if (!run.isBaseline) return "notBaseline";
  if (run.state !== "succeeded") return "notFinished";
  return qualitiesOf(run).length === 0 ? "noQuality" : undefined;
}

/** Why this run can enter no board; undefined where it may try. The key of a sentence. */
export function cannotSubmit(run: Candidate): "notFinished" | "noQuality" | undefined {
  if (run.state !== "succeeded") return "notFinished";
  const hasKey = run.measurements.some(
    ({ name, qualityKey }) => name.startsWith("quality/") && qualityKey !== null,
  );
  return hasKey ? undefined : "noQuality";
}
