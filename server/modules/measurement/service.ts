import { type MeasurementRow, metricIdOf, parseMetricId } from "#contracts/measurement.ts";
import type { RunValue } from "#contracts/run.ts";
import type { Tx } from "#server/db/client.ts";
import { toMeasurementRow } from "./columns.ts";
import { storedFor, withDerived } from "./derive.ts";
import * as repo from "./repo.ts";

export { settingsOf } from "./repo.ts";

/** By run, what was measured and what follows from it. `organisationId` is that of a scope: it owns the runs. */
export async function measurementsOf(
  tx: Tx,
  organisationId: string,
  runIds: readonly string[],
  names?: readonly string[],
): Promise<Map<string, MeasurementRow[]>> {
  const result = new Map<string, MeasurementRow[]>(runIds.map((id) => [id, []]));
  if (runIds.length === 0) return result;
  const settings = await repo.settingsOf(tx, organisationId);
  const stored = names && [...new Set(names.map((name) => storedFor(name, settings).name))];
  for (const row of await repo.ofRuns(tx, organisationId, runIds, stored)) {
    result.get(row.runId)?.push(toMeasurementRow(row));
  }
  for (const [runId, rows] of result) result.set(runId, withDerived(rows, settings));
  return result;
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
  const names = [...new Set(columns.map((id) => parseMetricId(id).name))];
  const found = await measurementsOf(tx, organisationId, columns.length > 0 ? runIds : [], names);
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
