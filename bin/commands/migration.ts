import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prismaFolder, schemaDifference, snapshotFile, snapshotOf } from "#server/db/schema-snapshot.ts";
import { startPostgres } from "../lib/postgres.ts";

/**
 * `npm run migration -- NAME`: writes the SQL between the schema of the last migration (kept beside the migrations)
 * and the schema files of now into a new migration. Read it before committing: partitions and other things that the
 * schema language cannot say are written by hand.
 */
const name = process.argv[2];
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
  process.stderr.write("Give the migration a name of lower-case letters, digits and underscores.\n");
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), "parsimony-migration-"));
const server = await startPostgres({ dataDir: join(scratch, "data"), password: "throw-away" });
let script: string;
try {
  script = await schemaDifference(server.url("postgres"));
} finally {
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
if (script === "") {
  process.stdout.write("The schema files have not changed since the last migration.\n");
  process.exit(0);
}
const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
const folder = join(prismaFolder, "migrations", `${stamp}_${name}`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "migration.sql"), script);
writeFileSync(snapshotFile, snapshotOf());
process.stdout.write(`${join(folder, "migration.sql")}\n`);
