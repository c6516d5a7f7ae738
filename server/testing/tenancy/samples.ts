import type { Samples } from "./probe.ts";

const none = () => ({});
const project = (of: { organisation: { projectSlug: string } }) => ({ project: of.organisation.projectSlug });

/**
 * An input for each procedure that names things of a tenant. `undefined` in place of a value is never sent: a
 * procedure about oneself, or behind a secret link, is proved by its own tests and stands here as `none`.
 */
export const samples: Samples = {
  "account.signUp": none,
  "account.requestReset": none,
  "account.reset": none,
  "account.me": none,
  "account.update": none,
  "account.changePassword": none,
  "account.sessions": none,
  "account.revokeSession": none,
  "account.revokeOtherSessions": none,
  "organisation.list": none,
  "organisation.create": none,
  "organisation.get": none,
  "organisation.update": () => ({
    name: "Renamed",
    kind: "company",
    pricePerCpuHour: 1,
    currency: "EUR",
    gridRegion: "world",
  }),
  "member.list": none,
  "member.setRole": (of) => ({ userId: of.people.viewer.userId, role: "reviewer" }),
  "member.remove": (of) => ({ userId: of.people.viewer.userId }),
  "invitation.list": none,
  "invitation.create": () => ({ role: "viewer", email: "", days: 7 }),
  "invitation.revoke": (of) => ({ id: of.invitation.id }),
  "invitation.preview": none,
  "invitation.accept": none,
  "team.list": none,
  "team.create": () => ({ name: "New team", discipline: "policy" }),
  "project.list": none,
  "project.get": project,
  "project.create": (of) => ({ name: "New project", teamId: of.organisation.teamId, question: "" }),
  "project.update": (of) => ({ ...project(of), name: "Renamed", question: "?" }),
};
