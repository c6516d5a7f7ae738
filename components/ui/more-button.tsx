"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";

/** A list that comes page by page, as a query of pages gives it. */
export interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** Reads the next page of a list; nothing where the list is at its end. */
export function MoreButton({ pages }: { pages: Pages }) {
  const t = useTranslations("common");
  if (!pages.hasNextPage) return null;
  return (
    <Button
      variant="subtle"
      fullWidth
      loading={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
    >
      {t("more")}
    </Button>
  );
}
