import type { OrganisationAction, Role } from "./policy.ts";

declare const minted: unique symbol;

/**
 * Proof that a signed-in member was allowed an action in an organisation. Only the gate (server/auth/gate.ts) mints
 * it, and every service and repo that touches an organisation's data asks for it.
 */
export interface OrganisationScope {
  readonly [minted]: "organisation";
  readonly organisationId: string;
  readonly organisationSlug: string;
  readonly userId: string;
  readonly role: Role;
  readonly action: OrganisationAction;
}

/** Proof that a person is signed in; for what concerns only themselves. */
export interface PersonalScope {
  readonly [minted]: "personal";
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * Proof that a worker acts for one row that exists: a version that is being registered, a run, or an upload
 * that nobody will finish. What it writes stays in that row's organisation and project.
 */
export interface WorkerScope {
  readonly [minted]: "worker";
  readonly organisationId: string;
  readonly projectId: string;
  /** Who asked for the work. */
  readonly userId: string;
  readonly subject: "modelVersion" | "datasetVersion" | "run" | "upload";
  readonly subjectId: string;
}

/** Whoever may touch an organisation's rows: a member through the gate, or a worker for one row. */
export type TenantScope = OrganisationScope | WorkerScope;

/** Proof that a share grant covers exactly one run or experiment, now. */
export interface ShareScope {
  readonly [minted]: "share";
  readonly grantId: string;
  readonly ownerOrganisationId: string;
  readonly subject: "run" | "experiment";
  readonly subjectId: string;
  readonly canDownload: boolean;
  readonly expiresAt: Date | null;
}
