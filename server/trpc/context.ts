import { randomUUID } from "node:crypto";
import { type Locale, localeOf } from "#contracts/locale.ts";
import type { Session } from "#server/auth/session.ts";
import { type Db, db } from "#server/db/client.ts";
import { type LiveHub, liveHub } from "#server/live/hub.ts";

/** What every procedure gets. The hub is opened on first use, because most requests need none. */
export interface Context {
  readonly db: Db;
  readonly hub: () => LiveHub;
  readonly session: Session | undefined;
  readonly ip: string;
  readonly locale: Locale;
  /** Quoted to a person when something fails; names the log line. */
  readonly requestId: string;
}

export function createContext(about: { session: Session | undefined; ip: string; locale?: string }): Context {
  return {
    db: db(),
    hub: liveHub,
    session: about.session,
    ip: about.ip,
    locale: localeOf(about.locale),
    requestId: randomUUID().slice(0, 8),
  };
}
