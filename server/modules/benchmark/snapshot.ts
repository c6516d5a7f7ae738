import { z } from "zod";
import { type MeasurementRow, measuredSchema } from "#contracts/measurement.ts";

/**
 * The values of a run at the moment of submission, as the row keeps them: only what was measured. Carbon and cost
 * are derived when the board is read, for all entries with the factors of the organisation that keeps the board.
 */
const keptSchema = z.object({
  ...measuredSchema.shape,
  // A quantity that a later version of the engine renames or adds must not make an old board unreadable.
  name: z.string(),
  conditions: z.record(z.string(), z.json()),
  detail: z.record(z.string(), z.json()).nullable(),
  measuredAt: z.iso.datetime(),
});
export type Snapshot = { measurements: z.infer<typeof keptSchema>[] };

const storedSchema = z.object({ measurements: z.array(z.looseObject({ name: z.string() })) });

export function takeSnapshot(rows: readonly MeasurementRow[]): Snapshot {
  return {
    measurements: rows
      .filter((row) => row.derivedFrom === null)
      .map(({ derivedFrom: _, baselineDelta, measuredAt, ...row }) =>
        keptSchema.parse({
          ...row,
          ...(baselineDelta && { baselineDelta }),
          measuredAt: measuredAt.toISOString(),
        }),
      ),
  };
}

/** The measurements of these names. What the board does not show is not looked at. */
export function readSnapshot(stored: unknown, names: ReadonlySet<string>): MeasurementRow[] {
  const parsed = storedSchema.safeParse(stored);
  if (!parsed.success) return [];
  const wanted = z
    .array(keptSchema)
    .safeParse(parsed.data.measurements.filter(({ name }) => names.has(name)));
  if (!wanted.success) return [];
  return wanted.data.map(({ baselineDelta, measuredAt, ...row }) => ({
    ...row,
    baselineDelta: baselineDelta ?? null,
    measuredAt: new Date(measuredAt),
    derivedFrom: null,
  }));
}
