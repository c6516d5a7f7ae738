import type { Tx } from "#server/db/client.ts";
import type { MeasurementColumns } from "./columns.ts";
import type { DerivationSettings } from "./derive.ts";

/** From which carbon and cost of the organisation's runs follow. */
export async function settingsOf(tx: Tx, organisationId: string): Promise<DerivationSettings> {
  return tx.organisation.findUniqueOrThrow({
    where: { id: organisationId },
    select: { gridRegion: true, pricePerCpuHour: true, currency: true },
  });
}

/** Stored measurements of these runs. */
export function ofRuns(tx: Tx, organisationId: string, runIds: readonly string[]) {
  return tx.measurement.findMany({
    where: { organisationId, runId: { in: [...runIds] } },
    orderBy: [{ name: "asc" }, { split: "asc" }],
  });
}

type Cell = MeasurementColumns & { readonly runId: string; readonly measuredAt: Date };

/** What cells of a table need: conditions and details, which may be long, stay in the database. */
export function cells(
  tx: Tx,
  organisationId: string,
  runIds: readonly string[],
  names: readonly string[],
): Promise<Cell[]> {
  return tx.$queryRaw<Cell[]>`
    select "runId", "name", "split", "value", "unit", "intervalKind", "low", "high", "level", "intervalMethod", "n", "tier",
      "method", "scope", "qualityKey", "performanceKey", "deltaValue", "deltaPercent", "deltaLow", "deltaHigh", "deltaMethod",
      '{}'::jsonb as "conditions", jsonb_build_object('deltaInterval', "detail"->'deltaInterval') as "detail", "measuredAt"
    from "measurement"
    where "organisationId" = ${organisationId}::uuid and "runId" = any(${[...runIds]}::uuid[]) and "name" = any(${[...names]}::text[])`;
}
