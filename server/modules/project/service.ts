import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type { createProjectInput, ProjectRow, updateProjectInput } from "#contracts/organisation.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { slugOf } from "#contracts/slug.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { requireTeam } from "#server/modules/team/service.ts";
import * as repo from "./repo.ts";

type Found = NonNullable<Awaited<ReturnType<typeof repo.findBySlug>>>;

const toRow = ({ _count, team, ...rest }: Found): ProjectRow => ({
  ...rest,
  team: team.name,
  counts: _count,
});

export async function listProjects(db: Db, scope: OrganisationScope): Promise<ProjectRow[]> {
  return (await repo.list(db, scope)).map(toRow);
}

/** The project of that address in the scope's organisation; `notFound` otherwise. */
export async function requireProject(tx: Tx, scope: OrganisationScope, slug: string): Promise<ProjectRow> {
  const found = await repo.findBySlug(tx, scope, slug);
  if (!found) throw new AppError("notFound");
  return toRow(found);
}

export async function create(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof createProjectInput>,
): Promise<{ slug: string }> {
  await requireTeam(db, scope, input.teamId);
  const base = slugOf(input.name, "project");
  for (const slug of [base, `${base}-${randomBytes(2).toString("hex")}`]) {
    const made = await repo.insert(db, scope, { ...input, slug });
    if (made) return { slug: made.slug };
  }
  throw new AppError("slugTaken");
}

export async function update(
  db: Db,
  scope: OrganisationScope,
  slug: string,
  input: z.output<typeof updateProjectInput>,
): Promise<void> {
  if (!(await repo.update(db, scope, slug, input))) throw new AppError("notFound");
}
