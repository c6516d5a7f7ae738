import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type {
  createOrganisationInput,
  OrganisationDetail,
  OrganisationRow,
  updateOrganisationInput,
} from "#contracts/organisation.ts";
import type { OrganisationScope, PersonalScope } from "#contracts/scope.ts";
import { slugOf } from "#contracts/slug.ts";
import { carbonFactor } from "#engine/energy/factors.ts";
import type { Db } from "#server/db/client.ts";
import { listProjects } from "#server/modules/project/service.ts";
import * as repo from "./repo.ts";

/** Makes an organisation owned by the caller. A taken address gets a short random ending. */
export async function create(
  db: Db,
  scope: PersonalScope,
  input: z.output<typeof createOrganisationInput>,
): Promise<{ slug: string }> {
  const base = slugOf(input.name, "organisation");
  for (const slug of [
    base,
    `${base}-${randomBytes(2).toString("hex")}`,
    `${base}-${randomBytes(5).toString("hex")}`,
  ]) {
    const made = await db.$transaction((tx) => repo.insertOrganisation(tx, scope, { ...input, slug }));
    if (made) return { slug: made.slug };
  }
  throw new AppError("slugTaken");
}

export async function listOwn(db: Db, scope: PersonalScope): Promise<OrganisationRow[]> {
  const rows = await repo.listOwn(db, scope);
  return rows.map(({ role, organisation }) => ({ ...organisation, role }));
}

export async function get(db: Db, scope: OrganisationScope): Promise<OrganisationDetail> {
  const [row, projects] = await Promise.all([repo.find(db, scope), listProjects(db, scope)]);
  const { slug, name, kind, pricePerCpuHour, currency, gridRegion } = row;
  return { slug, name, kind, pricePerCpuHour, currency, gridRegion, role: scope.role, projects };
}

/** @throws AppError `invalidInput` for a grid region without a carbon factor: another one would be used silently */
export async function update(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof updateOrganisationInput>,
): Promise<void> {
  if (!carbonFactor(input.gridRegion)) throw new AppError("invalidInput", { fields: "gridRegion" });
  await repo.update(db, scope, input);
}
