import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { localeCookie } from "#contracts/locale.ts";
import { currentSession } from "#server/auth/current.ts";
import { addressOf } from "#server/auth/options.ts";
import { createContext } from "#server/trpc/context.ts";
import { appRouter } from "#server/trpc/root.ts";

function cookie(request: Request, name: string): string | undefined {
  const found = (request.headers.get("cookie") ?? "")
    .split(/;\s*/)
    .find((part) => part.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** Answers the API's requests, subscriptions (server-sent events) among them. */
export function handleApi(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: async () =>
      createContext({
        session: await currentSession(),
        ip: addressOf(request.headers),
        locale: cookie(request, localeCookie) ?? request.headers.get("accept-language") ?? undefined,
      }),
  });
}
