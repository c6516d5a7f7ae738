import { db } from "#server/db/client.ts";
import { readHealth } from "#server/db/health.ts";

/** 200 when database, queue and at least one worker answer; 503 with the reason otherwise. */
export async function handleHealth(): Promise<Response> {
  const health = await readHealth(db());
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
