import { cookies, headers } from "next/headers";
import { cache } from "react";
import { localeCookie } from "#contracts/locale.ts";
import { currentSession } from "#server/auth/current.ts";
import { addressOf } from "#server/auth/options.ts";
import { createContext } from "#server/trpc/context.ts";
import { createCaller } from "#server/trpc/root.ts";

const context = cache(async () => {
  const head = await headers();
  const jar = await cookies();
  return createContext({
    session: await currentSession(),
    ip: addressOf(head),
    locale: jar.get(localeCookie)?.value ?? head.get("accept-language") ?? undefined,
  });
});

/** The API as a server component calls it: same gate, same schemas, no round trip. One context per request. */
export const api = cache(async () => createCaller(await context()));

/** Names the log lines of the page that is being made; a person quotes it when something fails. */
export async function pageRequestId(): Promise<string> {
  return (await context()).requestId;
}

/** True where the request is signed in; pages redirect otherwise. The gate decides about data, not this. */
export const isSignedIn = cache(async () => (await context()).session !== undefined);
