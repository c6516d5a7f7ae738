"use client";

import {
  type QueryKey,
  type UseQueryOptions,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";

/** What a page read on the server, and when; made by `load` of server/entry/load.ts. */
export interface Loaded<T> {
  readonly data: T;
  readonly at: number;
}

/**
 * A query that starts with what the server already read, so that the first HTML has the data. A page that is loaded
 * anew replaces older data in the cache.
 *
 * `const { data } = useLoaded(trpc.member.list.queryOptions({ org }), loaded)`
 */
export function useLoaded<TFn, TError, TKey extends QueryKey>(
  options: UseQueryOptions<TFn, TError, TFn, TKey> & { queryKey: TKey },
  loaded: Loaded<NoInfer<TFn>>,
): UseQueryResult<TFn, TError> & { data: TFn } {
  const client = useQueryClient();
  const key: QueryKey = options.queryKey;
  useEffect(() => {
    const known = client.getQueryState(key)?.dataUpdatedAt ?? 0;
    if (loaded.at > known) client.setQueryData(key, loaded.data, { updatedAt: loaded.at });
  }, [client, loaded, key]);
  const result = useQuery({ ...options, initialData: () => loaded.data, initialDataUpdatedAt: loaded.at });
  return { ...result, data: result.data ?? loaded.data } as UseQueryResult<TFn, TError> & { data: TFn };
}
