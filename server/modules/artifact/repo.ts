import type { TenantScope } from "#contracts/scope.ts";
import type { Tx } from "#server/db/client.ts";

export interface ArtifactRow {
  readonly id: string;
  readonly sha256: string;
  readonly bytes: bigint;
}

/**
 * Until the transaction ends, nobody else registers or removes a file of this hash. Hashes of one transaction are
 * locked one at a time, in one place, so that two transactions never wait for each other.
 */
export async function lockHash(tx: Tx, sha256: string): Promise<void> {
  await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended(${`artifact ${sha256}`}, 0))::text`;
}

/** The organisation's row for the file, made where it is missing, and locked. */
export async function insert(
  tx: Tx,
  scope: TenantScope,
  file: { sha256: string; bytes: number },
): Promise<string> {
  const made = await tx.$queryRaw<{ id: string }[]>`
    insert into "artifact" ("id", "organisationId", "sha256", "bytes")
    values (gen_random_uuid(), ${scope.organisationId}::uuid, ${file.sha256}, ${file.bytes})
    on conflict ("organisationId", "sha256") do update set "bytes" = excluded."bytes"
    returning "id"::text`;
  return made[0]!.id;
}

/** Locks rows of the organisation, in one order for all. Missing ones are left out. */
export function lock(tx: Tx, scope: TenantScope, ids: readonly string[]): Promise<ArtifactRow[]> {
  return tx.$queryRaw<ArtifactRow[]>`
    select "id"::text, "sha256"::text, "bytes" from "artifact"
    where "organisationId" = ${scope.organisationId}::uuid and "id" = any(${[...ids]}::uuid[])
    order by "id" for update`;
}

/** Deletes those of the rows that no version, file or open upload needs any more. Returns how many. */
export async function removeUnused(tx: Tx, scope: TenantScope, id: string): Promise<boolean> {
  const done = await tx.artifact.deleteMany({
    where: {
      id,
      organisationId: scope.organisationId,
      modelVersions: { none: {} },
      modelSources: { none: {} },
      datasetFiles: { none: {} },
      uploads: { none: { state: { in: ["received", "checking"] } } },
    },
  });
  return done.count === 1;
}

/** Those of the hashes that some organisation has a row for. The only question asked across organisations. */
export async function known(tx: Tx, hashes: string[]): Promise<Set<string>> {
  const rows = await tx.artifact.findMany({
    where: { sha256: { in: hashes } },
    select: { sha256: true },
    distinct: ["sha256"],
  });
  return new Set(rows.map((row) => row.sha256));
}
