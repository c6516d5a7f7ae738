/**
 * The policy table: who may do what. Procedures, route handlers, workers and the interface all read this one table;
 * nothing else decides about access.
 */
export const roles = ["owner", "admin", "researcher", "reviewer", "viewer"] as const;
export type Role = (typeof roles)[number];

const everyone = roles;
const discussing = ["owner", "admin", "researcher", "reviewer"] as const;
const working = ["owner", "admin", "researcher"] as const;
const governing = ["owner", "admin"] as const;

/** Actions inside an organisation, and the roles that may take them. */
export const organisationPolicy = {
  "organisation.read": everyone,
  "organisation.update": governing,
  "member.read": everyone,
  "member.update": governing,
  "member.remove": governing,
  "invitation.read": governing,
  "invitation.create": governing,
  "invitation.revoke": governing,
  "team.read": everyone,
  "team.create": governing,
  "project.read": everyone,
  "project.create": working,
  "project.update": working,
  "upload.read": everyone,
  "upload.create": working,
  "model.read": everyone,
  "model.download": everyone,
  "model.create": working,
  "model.update": working,
  "dataset.read": everyone,
  "dataset.create": working,
  "dataset.update": working,
  "recipe.read": everyone,
  "recipe.save": working,
  "recipe.archive": working,
  "experiment.read": everyone,
  "experiment.create": working,
  "run.read": everyone,
  "run.control": working,
  "note.read": everyone,
  "note.write": discussing,
  "note.delete": governing,
  "benchmark.read": everyone,
  "benchmark.create": working,
  "benchmark.submit": working,
  "share.read": everyone,
  "share.create": working,
  "share.revoke": working,
  "shared.read": everyone,
} as const satisfies Record<string, readonly Role[]>;

export type OrganisationAction = keyof typeof organisationPolicy;

/** Actions of a signed-in person about themselves; no organisation is involved. */
export const personalActions = [
  "account.read",
  "account.update",
  "organisation.create",
  "invitation.accept",
] as const;
export type PersonalAction = (typeof personalActions)[number];

/** Actions that need no sign-in. Each is limited by rate or guarded by a secret link. */
export const publicActions = [
  "account.signUp",
  "account.reset",
  "invitation.preview",
  "link.read",
  "benchmark.public",
] as const;
export type PublicAction = (typeof publicActions)[number];

export type Action = OrganisationAction | PersonalAction | PublicAction;

/** True where a member with this role may take this action. */
export function allows(role: Role, action: OrganisationAction): boolean {
  const allowed: readonly Role[] = organisationPolicy[action];
  return allowed.includes(role);
}

const rank: Record<Role, number> = { owner: 4, admin: 3, researcher: 2, reviewer: 1, viewer: 0 };

/** Nobody hands out or takes away a role above their own. */
export function mayAssign(actor: Role, role: Role): boolean {
  return allows(actor, "member.update") && rank[actor] >= rank[role];
}
