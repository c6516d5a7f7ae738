import { handleHealth } from "#server/entry/health.ts";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
  return handleHealth();
}
