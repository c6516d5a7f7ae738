"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { TRPCProvider } from "./client.ts";
import { bodyOf } from "./error-body.ts";
import { makeClient } from "./links.ts";
import { leaveForSignIn } from "./session-ended.ts";
import { useNotifyError } from "./use-error.ts";

declare module "@tanstack/react-query" {
  interface Register {
    /** `inline: true` where the caller shows the error itself (a form); all others are shown as a notification. */
    mutationMeta: { inline?: boolean };
  }
}

/** Failures that a second try may mend; all others are answers. */
function mayPass(error: unknown): boolean {
  const code = bodyOf(error).code;
  return code === "unavailable" || code === "internal";
}

export function ApiProvider({ children }: { children: ReactNode }) {
  const notifyError = useNotifyError();
  const [trpcClient] = useState(makeClient);
  const [queryClient] = useState(() => {
    const onError = (error: Error) => {
      if (bodyOf(error).code === "unauthenticated") leaveForSignIn();
    };
    return new QueryClient({
      queryCache: new QueryCache({ onError }),
      mutationCache: new MutationCache({
        onError: (error, _input, _result, mutation) => {
          onError(error);
          if (!mutation.meta?.inline) notifyError(error);
        },
      }),
      defaultOptions: {
        // A page arrives with its data: what is younger than this is not asked for again.
        queries: { staleTime: 20_000, retry: (count, error) => count < 2 && mayPass(error) },
        mutations: { retry: false },
      },
    });
  });
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
