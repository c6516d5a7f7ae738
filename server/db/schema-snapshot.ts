import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { datamodels, prismaFolder, withSchemaEngine } from "./schema-engine.ts";

export { prismaFolder };

/** The schema as of the last migration: the WebAssembly engine cannot read it back from a database. */
export const snapshotFile = join(prismaFolder, "migrations", "schema-snapshot.txt");

/** All schema files as one text, in a fixed order. */
export function snapshotOf(): string {
  return datamodels()
    .map(([, content]) => content.trim())
    .join("\n\n");
}

/** SQL that leads from the last migration's schema to the present one; empty where there is no difference.
 * Nothing is read from the database at `url`, but the engine insists on connecting to one. */
export async function schemaDifference(url: string): Promise<string> {
  const before = existsSync(snapshotFile) ? readFileSync(snapshotFile, "utf8") : undefined;
  return withSchemaEngine(url, async (engine) => {
    const result = await engine.diff({
      from:
        before === undefined
          ? { tag: "empty" }
          : { tag: "schemaDatamodel", files: [{ path: "before.prisma", content: before }] },
      to: { tag: "schemaDatamodel", files: [{ path: "after.prisma", content: snapshotOf() }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const script = result.stdout ?? "";
    return /^\s*(--.*)?\s*$/.test(script) ? "" : script;
  });
}
