import type { Role } from "#contracts/policy.ts";
import { openSession, type Session } from "#server/auth/session.ts";
import { createContext } from "#server/trpc/context.ts";
import { createCaller } from "#server/trpc/root.ts";
import type { TestDatabase } from "./database.ts";

export interface Person {
  readonly userId: string;
  readonly session: Session;
  readonly api: ReturnType<typeof createCaller>;
}

export interface TestOrganisation {
  readonly id: string;
  readonly slug: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly projectSlug: string;
}

let counter = 0;

/** The API as this session (or nobody) would call it: through the same gate as a request. */
export function apiAs(session: Session | undefined): ReturnType<typeof createCaller> {
  return createCaller(createContext({ session, ip: "127.0.0.1" }));
}

/** A signed-in person; with a role where an organisation is given. No password: signing in has tests of its own. */
export async function person(
  database: TestDatabase,
  organisation?: { id: string },
  role?: Role,
): Promise<Person> {
  const number = ++counter;
  const user = await database.db.user.create({
    data: { email: `person-${number}@example.org`, name: `Person ${number}`, passwordHash: "unusable" },
  });
  if (organisation && role) {
    await database.db.membership.create({ data: { organisationId: organisation.id, userId: user.id, role } });
  }
  const sessionId = await openSession(database.db, user.id, { userAgent: "test", ip: "127.0.0.1" });
  const session = { userId: user.id, sessionId };
  return { userId: user.id, session, api: apiAs(session) };
}

/** An organisation with one team and one project, without members. */
export async function organisation(database: TestDatabase, name = "Test"): Promise<TestOrganisation> {
  const number = ++counter;
  const made = await database.db.organisation.create({
    data: { slug: `org-${number}`, name: `${name} ${number}` },
  });
  const team = await database.db.team.create({
    data: { organisationId: made.id, name: "Team", discipline: "engineering" },
  });
  const project = await database.db.project.create({
    data: { organisationId: made.id, teamId: team.id, slug: "project", name: "Project" },
  });
  return { id: made.id, slug: made.slug, teamId: team.id, projectId: project.id, projectSlug: project.slug };
}
