import { cookies, headers } from "next/headers";
import { cache } from "react";
import { localeCookie } from "#contracts/locale.ts";
import { currentSession } from "#server/auth/current.ts";
import { addressOf } from "#server/auth/options.ts";
import { createContext } from "#server/trpc/context.ts";
import { createCaller } from "#server/trpc/root.ts";

/** What the procedures of one page get: one context per request. */
export const pageContext = cache(async () => {
  const head = await headers();
  const jar = await cookies();
  return createContext({
    session: await currentSession(),
    ip: addressOf(head),
    locale: jar.get(localeCookie)?.value ?? head.get("accept-language") ?? undefined,
  });
});

/** The API as a server component calls it: same gate, same schemas, no round trip. Pages use `load` of load.ts. */
export const api = cache(async () => createCaller(await pageContext()));
