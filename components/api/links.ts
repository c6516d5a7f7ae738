import { createTRPCClient, httpBatchStreamLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { wire } from "#contracts/wire.ts";
import type { AppRouter } from "#server/trpc/root.ts";

const url = "/api/trpc";

/** Requests of one moment travel together and are answered as they are ready; subscriptions are server-sent events. */
export function makeClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url, transformer: wire }),
        false: httpBatchStreamLink({ url, transformer: wire, maxURLLength: 4_000 }),
      }),
    ],
  });
}
