import { createTRPCClient, httpBatchStreamLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { parse, stringify } from "devalue";
import type { AppRouter } from "#server/trpc/root.ts";

const url = "/api/trpc";
/** The other half is in `server/trpc/wire.ts`. */
const wire = { serialize: stringify, deserialize: parse };

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
