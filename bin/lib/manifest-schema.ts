import { manifestJsonSchema } from "#engine/evaluate/dataset/manifest-json-schema.ts";

export const manifestSchemaPath = "docs/guide/dataset.schema.json";

/** The JSON Schema of dataset manifests, as it stands beside the guide. */
export function manifestSchemaText(): string {
  return `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`;
}
