import { manifestJsonSchema } from "#engine/evaluate/dataset/manifest-json-schema.ts";

/** The JSON Schema of dataset manifests, which anybody's editor may fetch. */
export function handleDatasetSchema(): Response {
  return Response.json(manifestJsonSchema(), {
    headers: { "content-type": "application/schema+json", "access-control-allow-origin": "*" },
  });
}
