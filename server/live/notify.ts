import { type LiveEvent, liveChannel } from "#contracts/live.ts";
import type { Tx } from "#server/db/client.ts";

/** Tells all processes; inside a transaction the others hear of it when (and only if) it commits. */
export async function notify(tx: Tx, event: LiveEvent): Promise<void> {
  await tx.$queryRaw`select pg_notify(${liveChannel}, ${JSON.stringify(event)})::text`;
}
