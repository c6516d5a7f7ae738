import { getServerSession } from "next-auth";
import { z } from "zod";
import { db } from "#server/db/client.ts";
import { authOptions } from "./options.ts";
import { checkSession, type Session } from "./session.ts";

const carried = z.object({ parsimony: z.object({ sessionId: z.string() }) });

/** The session of the request that is being answered, checked against its row. Fails where the database is away. */
export async function currentSession(): Promise<Session | undefined> {
  const parsed = carried.safeParse(await getServerSession(authOptions()));
  return parsed.success ? checkSession(db(), parsed.data.parsimony.sessionId) : undefined;
}
