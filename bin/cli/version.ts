import { readFileSync } from "node:fs";
import { join } from "node:path";

const file = join(import.meta.dirname, "../../package.json");

/** Version of this engine, for the conditions of measurements. */
export const engineVersion = String(
  (JSON.parse(readFileSync(file, "utf8")) as { readonly version: unknown }).version,
);
