import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/install.ts";
import { manifestSchemaPath, manifestSchemaText } from "../lib/manifest-schema.ts";

/** `npm run manifest-schema`: writes the JSON Schema of dataset manifests. A test says when that was forgotten. */
writeFileSync(join(root, manifestSchemaPath), manifestSchemaText());
