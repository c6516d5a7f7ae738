import pg from "pg";
import { migrations, withSchemaEngine } from "./schema-engine.ts";

const filters = { externalTables: [], externalEnums: [] };

/** Makes the database named in `url` where it does not exist. */
export async function ensureDatabase(url: string): Promise<void> {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = "/postgres";
  const client = new pg.Client({ connectionString: target.href });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** Applies what is missing of the repository's migrations and returns their names. */
export async function migrate(url: string): Promise<string[]> {
  return withSchemaEngine(url, async (engine) => {
    const done = await engine.applyMigrations({ migrationsList: migrations(), filters });
    return done.appliedMigrationNames;
  });
}
