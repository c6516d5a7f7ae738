import { z } from "zod";
import { email } from "./account.ts";
import { type Role, roles } from "./policy.ts";

export const organisationKinds = ["company", "research", "public", "nonprofit"] as const;
export const disciplines = [
  "engineering",
  "environment",
  "economics",
  "policy",
  "research",
  "design",
] as const;

const title = z.string().trim().min(1).max(80);

export const createOrganisationInput = z.object({ name: title, kind: z.enum(organisationKinds) });
export const updateOrganisationInput = z.object({
  name: title,
  kind: z.enum(organisationKinds),
  /** Money per CPU-hour in `currency`. */
  pricePerCpuHour: z.number().min(0).max(1_000),
  currency: z.string().regex(/^[A-Z]{3}$/),
  gridRegion: z.string().min(1).max(40),
});
export const setRoleInput = z.object({ userId: z.uuid(), role: z.enum(roles) });
/** Days that an invitation stays open. */
export const invitationDays = [1, 7, 30] as const;
export const inviteInput = z.object({
  role: z.enum(roles),
  email: z.union([z.literal(""), email]),
  days: z.union(invitationDays.map((days) => z.literal(days))),
});
export const createTeamInput = z.object({ name: title, discipline: z.enum(disciplines) });
export const createProjectInput = z.object({
  name: title,
  teamId: z.uuid(),
  question: z.string().trim().max(500),
});
export const updateProjectInput = z.object({ name: title, question: z.string().trim().max(500) });

export interface OrganisationRow {
  readonly slug: string;
  readonly name: string;
  readonly kind: string;
  readonly role: Role;
}
export interface OrganisationDetail extends OrganisationRow {
  readonly pricePerCpuHour: number;
  readonly currency: string;
  readonly gridRegion: string;
  readonly projects: readonly ProjectRow[];
}
export interface MemberRow {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly since: Date;
}
export interface InvitationRow {
  readonly id: string;
  readonly role: Role;
  readonly email: string;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}
export interface TeamRow {
  readonly id: string;
  readonly name: string;
  readonly discipline: string;
  readonly projects: number;
}
export interface ProjectRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly question: string;
  readonly team: string;
  readonly counts: {
    readonly models: number;
    readonly datasets: number;
    readonly recipes: number;
    readonly experiments: number;
    readonly notes: number;
  };
}
