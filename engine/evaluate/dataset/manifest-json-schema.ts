import { z } from "zod";
import { manifestSchema } from "./manifest.schema.ts";

/**
 * The manifest as a JSON Schema (draft 2020-12), for editors that complete and check as one writes. What depends on several
 * fields at once, only the reader checks.
 */
export function manifestJsonSchema(): object {
  const schema = z.toJSONSchema(manifestSchema, { io: "input", target: "draft-2020-12" });
  return { ...schema, title: "Parsimony dataset manifest" };
}
