import type { InfiniteData } from "@tanstack/react-query";
import type { RunRow, RunTable } from "#contracts/run.ts";

export type RunPages = InfiniteData<RunTable, string | null>;

/** Other parts of the product (launching, comparing) read single pages under the same path. */
const isPaged = (pages: RunPages | undefined): pages is RunPages => pages !== undefined && "pages" in pages;

/** Puts changed runs in the place of their former rows, so that no row moves; the rest stays the same object. */
export function patchPages(pages: RunPages | undefined, changed: readonly RunRow[]): RunPages | undefined {
  if (!isPaged(pages)) return pages;
  const byId = new Map(changed.map((run) => [run.id, run]));
  return {
    ...pages,
    pages: pages.pages.map((page) =>
      page.rows.some((row) => byId.has(row.id))
        ? { ...page, rows: page.rows.map((row) => merged(row, byId.get(row.id))) }
        : page,
    ),
  };
}

/** Values that the message did not carry are kept: another page may have asked for more columns. */
function merged(row: RunRow, changed: RunRow | undefined): RunRow {
  return changed ? { ...changed, values: { ...row.values, ...changed.values } } : row;
}

/** True where a changed run stands on none of the pages: there is a new one. What has no pages knows of none. */
export function hasUnknown(pages: RunPages | undefined, changed: readonly RunRow[]): boolean {
  if (!isPaged(pages)) return changed.length > 0;
  const known = new Set(pages.pages.flatMap((page) => page.rows.map((row) => row.id)));
  return changed.some((run) => !known.has(run.id));
}
