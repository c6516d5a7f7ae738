import { getServerSession } from "next-auth";
import { z } from "zod";
import { authOptions } from "./options.ts";
import type { Session } from "./session.ts";

const carried = z.object({ parsimony: z.object({ userId: z.string(), sessionId: z.string() }) });

/** The session of the request that is being answered, checked against its row. */
export async function currentSession(): Promise<Session | undefined> {
  const parsed = carried.safeParse(await getServerSession(authOptions()));
  return parsed.success ? parsed.data.parsimony : undefined;
}
