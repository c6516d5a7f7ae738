import { createTRPCClient, httpBatchStreamLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "#server/trpc/root.ts";

const url = "/api/trpc";

/** Requests of one moment travel together and are answered as they are ready; subscriptions are server-sent events. */
export function makeClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url, transformer: superjson }),
        false: httpBatchStreamLink({ url, transformer: superjson, maxURLLength: 4_000 }),
      }),
    ],
  });
}
