"use client";

import { createTRPCContext } from "@trpc/tanstack-react-query";
import type { AppRouter } from "#server/trpc/root.ts";

/** `const trpc = useTRPC()` gives typed options for TanStack Query: `useQuery(trpc.member.list.queryOptions({ org }))`. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
