import type { Tx } from "#server/db/client.ts";
import type { Predictions } from "./compare.ts";

/** Stored little-endian; a copy, because the buffer that the driver gives need not be aligned to four bytes. */
function int32s(bytes: Uint8Array): Int32Array {
  return new Int32Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.byteLength / 4));
}

/** The caller has made sure that the runs are those of its scope. */
export async function predictions(tx: Tx, runIds: readonly string[]): Promise<Map<string, Predictions>> {
  const rows = await tx.runExamples.findMany({ where: { runId: { in: [...runIds] } } });
  return new Map(
    rows.map((row) => [
      row.runId,
      {
        split: row.split,
        items: int32s(row.items),
        labels: int32s(row.labels),
        predictions: int32s(row.predictions),
      },
    ]),
  );
}
