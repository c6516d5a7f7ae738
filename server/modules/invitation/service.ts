import type { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import type { InvitationRow, inviteInput } from "#contracts/organisation.ts";
import { mayAssign, type Role } from "#contracts/policy.ts";
import type { OrganisationScope, PersonalScope } from "#contracts/scope.ts";
import { consume } from "#server/auth/rate-limit.ts";
import { hashToken, newToken } from "#server/auth/token.ts";
import type { Db } from "#server/db/client.ts";
import * as repo from "./repo.ts";

/** Makes an invitation. The token is shown once: only its hash is kept. */
export async function create(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof inviteInput>,
): Promise<{ id: string; token: string }> {
  if (!mayAssign(scope.role, input.role))
    throw new AppError("forbidden", { action: scope.action, role: scope.role });
  const { token, hash } = newToken();
  const expiresAt = new Date(Date.now() + input.days * 86_400_000);
  const { id } = await repo.insert(db, scope, {
    tokenHash: hash,
    role: input.role,
    email: input.email,
    expiresAt,
  });
  return { id, token };
}

export function list(db: Db, scope: OrganisationScope): Promise<InvitationRow[]> {
  return repo.listOpen(db, scope);
}

export async function revoke(db: Db, scope: OrganisationScope, id: string): Promise<void> {
  if (!(await repo.revoke(db, scope, id))) throw new AppError("notFound");
}

/** What the page of an invitation shows before the person signs in. */
export async function preview(
  db: Db,
  ip: string,
  token: string,
): Promise<{ organisation: string; role: Role; email: string; expiresAt: Date }> {
  await consume("link", ip);
  const found = await repo.findByToken(db, hashToken(token));
  if (!found) throw new AppError("linkInvalid");
  return {
    organisation: found.organisation.name,
    role: found.role,
    email: found.email,
    expiresAt: found.expiresAt,
  };
}

/** Joins the organisation with the invitation's role. A member who follows it keeps their role, and the link stays. */
export async function accept(db: Db, scope: PersonalScope, token: string): Promise<{ slug: string }> {
  return db.$transaction(async (tx) => {
    const found = await repo.findByToken(tx, hashToken(token));
    if (!found) throw new AppError("linkInvalid");
    if (found.email !== "" && (await repo.emailOf(tx, scope)).email !== found.email)
      throw new AppError("linkInvalid");
    if (await repo.join(tx, scope, found.organisationId, found.role)) {
      if (!(await repo.accept(tx, scope, found.id))) throw new AppError("linkInvalid");
    }
    return { slug: found.organisation.slug };
  });
}
