import { keepPreviousData } from "@tanstack/react-query";
import type { Page } from "#contracts/page.ts";
import type { Loaded } from "./use-loaded.ts";

/**
 * Options of a list that comes page by page: while another search is under way the rows of the last one stay, and the
 * list as it is first shown (`isFirst`) starts with what the server already read.
 *
 * `useInfiniteQuery({ ...trpc.model.list.infiniteQueryOptions(asked, byCursor), ...startingWith(loaded, isFirst) })`
 */
export function startingWith<Row>(loaded: Loaded<Page<Row>>, isFirst: boolean) {
  return {
    placeholderData: keepPreviousData,
    ...(isFirst && {
      initialData: { pages: [loaded.data], pageParams: [null] },
      initialDataUpdatedAt: loaded.at,
    }),
  };
}

/** Where the next page begins; the last page has none. */
export const byCursor = {
  getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor ?? undefined,
};

/** The rows of all pages read so far, and how many there are in all. */
export function rowsOf<Row>(data: { readonly pages: readonly Page<Row>[] } | undefined) {
  const pages = data?.pages ?? [];
  return { rows: pages.flatMap((page) => page.rows), total: pages[0]?.total ?? 0 };
}
