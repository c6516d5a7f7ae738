import { handleDatasetSchema } from "#server/entry/dataset-schema.ts";

export const dynamic = "force-static";

export function GET(): Response {
  return handleDatasetSchema();
}
