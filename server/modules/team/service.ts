import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type { createTeamInput, TeamRow } from "#contracts/organisation.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Db, Tx } from "#server/db/client.ts";
import * as repo from "./repo.ts";

export async function list(db: Db, scope: OrganisationScope): Promise<TeamRow[]> {
  const rows = await repo.list(db, scope);
  return rows.map(({ _count, ...row }) => ({ ...row, projects: _count.projects }));
}

export async function create(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof createTeamInput>,
): Promise<{ id: string }> {
  const made = await repo.insert(db, scope, input);
  if (!made) throw new AppError("nameTaken");
  return made;
}

/** Throws `notFound` unless the team is of the scope's organisation. */
export async function requireTeam(tx: Tx, scope: OrganisationScope, id: string): Promise<void> {
  if (!(await repo.exists(tx, scope, id))) throw new AppError("notFound");
}
