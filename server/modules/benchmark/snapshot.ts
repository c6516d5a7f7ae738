import { z } from "zod";
import { type MeasurementRow, measuredSchema } from "#contracts/measurement.ts";

/**
 * The values of a run at the moment of submission, as the row keeps them: only what was measured. Carbon and cost
 * are derived when the board is read, for all entries with the factors of the organisation that keeps the board.
 */
const snapshotSchema = z.object({
  measurements: z.array(
    z.object({
      ...measuredSchema.shape,
      // A quantity that a later version of the engine renames or adds must not make an old board unreadable.
      name: z.string(),
      conditions: z.record(z.string(), z.json()),
      detail: z.record(z.string(), z.json()).nullable(),
      measuredAt: z.iso.datetime(),
    }),
  ),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

export function takeSnapshot(rows: readonly MeasurementRow[]): Snapshot {
  return {
    measurements: rows
      .filter((row) => row.derivedFrom === null)
      .map(({ derivedFrom: _, baselineDelta, measuredAt, ...row }) =>
        snapshotSchema.shape.measurements.element.parse({
          ...row,
          ...(baselineDelta && { baselineDelta }),
          measuredAt: measuredAt.toISOString(),
        }),
      ),
  };
}

export function readSnapshot(stored: unknown): MeasurementRow[] {
  const parsed = snapshotSchema.safeParse(stored);
  if (!parsed.success) return [];
  return parsed.data.measurements.map(({ baselineDelta, measuredAt, ...row }) => ({
    ...row,
    baselineDelta: baselineDelta ?? null,
    measuredAt: new Date(measuredAt),
    derivedFrom: null,
  }));
}
