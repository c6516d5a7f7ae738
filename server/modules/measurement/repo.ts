import type { Tx } from "#server/db/client.ts";
import type { DerivationSettings } from "./derive.ts";

/** From which carbon and cost of the organisation's runs follow. */
export async function settingsOf(tx: Tx, organisationId: string): Promise<DerivationSettings> {
  return tx.organisation.findUniqueOrThrow({
    where: { id: organisationId },
    select: { gridRegion: true, pricePerCpuHour: true, currency: true },
  });
}

/** Stored measurements of these runs, all of them or those named. */
export function ofRuns(tx: Tx, organisationId: string, runIds: readonly string[], names?: readonly string[]) {
  return tx.measurement.findMany({
    where: { organisationId, runId: { in: [...runIds] }, ...(names && { name: { in: [...names] } }) },
    orderBy: [{ name: "asc" }, { split: "asc" }],
  });
}
