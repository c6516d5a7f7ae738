import type { TestDatabase } from "../database.ts";

const byOrganisation = `"organisationId" = $1::uuid`;
const byRun = `"runId" in (select id from "run" where "organisationId" = $1::uuid)`;

/** How to find one organisation's rows in each table. A table that is missing here fails the test. */
const rowsOf: Record<string, string> = {
  organisation: `id = $1::uuid`,
  membership: byOrganisation,
  team: byOrganisation,
  team_member: `"teamId" in (select id from "team" where "organisationId" = $1::uuid)`,
  project: byOrganisation,
  invitation: byOrganisation,
  artifact: byOrganisation,
  upload: byOrganisation,
  model: byOrganisation,
  model_version: byOrganisation,
  model_source: `"modelVersionId" in (select id from "model_version" where "organisationId" = $1::uuid)`,
  dataset: byOrganisation,
  dataset_version: byOrganisation,
  dataset_file: `"datasetVersionId" in (select id from "dataset_version" where "organisationId" = $1::uuid)`,
  recipe: byOrganisation,
  recipe_version: byOrganisation,
  experiment: byOrganisation,
  run: byOrganisation,
  run_event: byRun,
  run_examples: byRun,
  measurement: byOrganisation,
  metric_point: byRun,
  metric_series: byRun,
  note: byOrganisation,
  note_revision: `"noteId" in (select id from "note" where "organisationId" = $1::uuid)`,
  benchmark: byOrganisation,
  submission: byOrganisation,
  share_grant: byOrganisation,
};

/** Tables that belong to no organisation. */
const shared = new Set(["user", "session", "password_reset", "rate_limit", "worker", "_prisma_migrations"]);

/** Tables of the database that neither list names. */
export async function unlistedTables(database: TestDatabase): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  return rows.map((row) => row.name).filter((name) => !(name in rowsOf) && !shared.has(name));
}

/** A digest for each table over all rows of one organisation: equal before and after means nothing was written. */
export async function digestOf(
  database: TestDatabase,
  organisationId: string,
): Promise<Record<string, string>> {
  const parts = Object.entries(rowsOf).map(
    ([table, filter]) =>
      `select '${table}' as name, coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') as digest from "${table}" t where ${filter}`,
  );
  const { rows } = await database.pool.query<{ name: string; digest: string }>(parts.join(" union all "), [
    organisationId,
  ]);
  return Object.fromEntries(rows.map((row) => [row.name, row.digest]));
}
