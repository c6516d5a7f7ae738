import { type MeasurementRow, metricIdOf, parseMetricId } from "#contracts/measurement.ts";
import type { RunValue } from "#contracts/run.ts";
import type { Tx } from "#server/db/client.ts";
import { type MeasurementColumns, toMeasurementRow } from "./columns.ts";
import { type DerivationSettings, deriver, storedFor } from "./derive.ts";
import * as repo from "./repo.ts";

export { settingsOf } from "./repo.ts";

function group(
  runIds: readonly string[],
  rows: readonly (MeasurementColumns & { runId: string; measuredAt: Date })[],
  settings: DerivationSettings,
): Map<string, MeasurementRow[]> {
  const result = new Map<string, MeasurementRow[]>(runIds.map((id) => [id, []]));
  for (const row of rows) result.get(row.runId)?.push(toMeasurementRow(row));
  const derive = deriver(settings);
  for (const [runId, own] of result) result.set(runId, derive(own));
  return result;
}

/** By run, what was measured and what follows from it. `organisationId` is that of a scope: it owns the runs. */
export async function measurementsOf(
  tx: Tx,
  organisationId: string,
  runIds: readonly string[],
): Promise<Map<string, MeasurementRow[]>> {
  const [settings, rows] = await Promise.all([
    repo.settingsOf(tx, organisationId),
    repo.ofRuns(tx, organisationId, runIds),
  ]);
  return group(runIds, rows, settings);
}

function toValue(row: MeasurementRow): RunValue {
  const { value, unit, interval, n, tier, method, baselineDelta, qualityKey, performanceKey } = row;
  return { value, unit, interval, n, tier, method, baselineDelta, qualityKey, performanceKey };
}

/** By run, the cells of the chosen columns, by metric ID. */
export async function valuesOf(
  tx: Tx,
  organisationId: string,
  runIds: readonly string[],
  columns: readonly string[],
): Promise<Map<string, Record<string, RunValue>>> {
  const wanted = new Set(columns);
  const settings = await repo.settingsOf(tx, organisationId);
  const names = [...new Set(columns.map((id) => storedFor(parseMetricId(id).name, settings).name))];
  const rows =
    names.length > 0 && runIds.length > 0 ? await repo.cells(tx, organisationId, runIds, names) : [];
  const found = group(runIds, rows, settings);
  return new Map(
    runIds.map((runId) => {
      const cells: Record<string, RunValue> = {};
      for (const row of found.get(runId) ?? []) {
        const id = metricIdOf(row);
        if (wanted.has(id)) cells[id] = toValue(row);
      }
      return [runId, cells];
    }),
  );
}
