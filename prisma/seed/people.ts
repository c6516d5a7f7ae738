import type { OrganisationAction } from "#contracts/policy.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { organisationScope } from "#server/auth/gate.ts";
import { hashPassword } from "#server/auth/password.ts";
import { openSession, revokeSessions, type Session } from "#server/auth/session.ts";
import type { Db } from "#server/db/client.ts";
import { accounts, type DemoAccount, organisations } from "./accounts.ts";

/** Makes the accounts, the two organisations and their memberships, as far as they are missing. */
export async function makePeople(db: Db, password: string): Promise<void> {
  const passwordHash = await hashPassword(password);
  for (const { slug, name, kind } of Object.values(organisations)) {
    await db.organisation.upsert({
      where: { slug },
      create: { slug, name, kind, gridRegion: "DE" },
      update: {},
    });
  }
  for (const account of accounts) {
    const user = await db.user.upsert({
      where: { email: account.email },
      create: { email: account.email, name: account.name, passwordHash, isOperator: account === accounts[0] },
      update: {},
    });
    const organisation = await db.organisation.findUniqueOrThrow({
      where: { slug: organisations[account.organisation].slug },
    });
    await db.membership.createMany({
      data: [{ organisationId: organisation.id, userId: user.id, role: account.role }],
      skipDuplicates: true,
    });
  }
}

/** Acts as one of the demo accounts, through the same gate as a request. */
export class Actor {
  readonly #db: Db;
  readonly #session: Session;
  readonly #slug: string;

  private constructor(db: Db, session: Session, slug: string) {
    this.#db = db;
    this.#session = session;
    this.#slug = slug;
  }

  static async as(db: Db, { email, organisation }: DemoAccount): Promise<Actor> {
    const user = await db.user.findUniqueOrThrow({ where: { email } });
    const sessionId = await openSession(db, user.id, { userAgent: "demo seed", ip: "" });
    return new Actor(db, { userId: user.id, sessionId }, organisations[organisation].slug);
  }

  may(action: OrganisationAction): Promise<OrganisationScope> {
    return organisationScope(this.#db, this.#session, this.#slug, action);
  }

  async leave(): Promise<void> {
    await revokeSessions(this.#db, this.#session.userId, { only: this.#session.sessionId });
  }
}
