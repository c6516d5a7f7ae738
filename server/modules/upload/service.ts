import { AppError } from "#contracts/errors.ts";
import { problemSchema } from "#contracts/problem.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { UploadRow } from "#contracts/upload.ts";
import type { Db } from "#server/db/client.ts";
import { env } from "#server/env.ts";
import { collect, release } from "#server/modules/artifact/service.ts";
import { requireProject } from "#server/modules/project/service.ts";
import * as repo from "./repo.ts";

type Found = NonNullable<Awaited<ReturnType<typeof repo.find>>>;

function toRow(found: Found): UploadRow {
  const { id, fileName, state, bytes, createdAt, artifact } = found;
  const problem = problemSchema.safeParse(found.problem);
  return {
    id,
    fileName,
    state,
    bytes: Number(bytes),
    sha256: artifact?.sha256 ?? null,
    problem: problem.success ? problem.data : null,
    createdAt,
  };
}

/** The project's latest uploads, newest first. */
export async function list(db: Db, scope: OrganisationScope, projectSlug: string): Promise<UploadRow[]> {
  const project = await requireProject(db, scope, projectSlug);
  return (await repo.list(db, scope, project.id)).map(toRow);
}

export async function get(db: Db, scope: OrganisationScope, id: string): Promise<UploadRow> {
  const found = await repo.find(db, scope, id);
  if (!found) throw new AppError("notFound");
  return toRow(found);
}

/** Files of the project's uploads that are still there, by upload ID. */
export async function filesOf(
  db: Db,
  scope: OrganisationScope,
  projectId: string,
  ids: readonly string[],
): Promise<Map<string, { sha256: string; bytes: number }>> {
  const rows = await repo.findMany(db, scope, projectId, [...ids]);
  return new Map(
    rows.flatMap(({ id, artifact, bytes }) =>
      artifact ? [[id, { sha256: artifact.sha256, bytes: Number(bytes) }] as const] : [],
    ),
  );
}

/** Most bytes of one file. */
export function limit(): { bytes: number } {
  return { bytes: env().PARSIMONY_UPLOAD_LIMIT };
}

/** Takes an upload off the list; a file that nothing else names goes with it. Not while it is being checked. */
export async function dismiss(db: Db, scope: OrganisationScope, id: string): Promise<void> {
  const hashes = await db.$transaction(async (tx) => {
    const found = await repo.find(tx, scope, id);
    if (!found) throw new AppError("notFound");
    const [locked] = await repo.lock(tx, scope, found.projectId, [id]);
    if (!locked) throw new AppError("notFound");
    if (locked.state === "checking" || locked.state === "receiving") throw new AppError("notReady");
    await repo.remove(tx, scope, id);
    return locked.artifactId ? release(tx, scope, [locked.artifactId]) : [];
  });
  await collect(db, hashes);
}
