"use client";

import { Tooltip } from "@mantine/core";
import { useFormatter, useNow } from "next-intl";

/** How long ago (or until) in words, in the reader's language; the exact time in the reader's zone on hover. */
export function TimeAgo({ at }: { at: Date | string }) {
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  const date = new Date(at);
  // This page's clock moves every half minute: what was made since is new, not to come.
  const isNew = date > now && date.getTime() - now.getTime() < 60_000;
  const exact = format.dateTime(date, { dateStyle: "long", timeStyle: "medium" });
  return (
    <Tooltip label={exact}>
      <time dateTime={date.toISOString()} title={undefined} style={{ whiteSpace: "nowrap" }}>
        {format.relativeTime(date, isNew ? date : now)}
      </time>
    </Tooltip>
  );
}
