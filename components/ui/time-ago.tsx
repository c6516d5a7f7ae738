"use client";

import { Tooltip } from "@mantine/core";
import { useFormatter } from "next-intl";
import { useClock } from "./use-clock.ts";

/** How long ago (or until) in words, in the reader's language; the exact time in the reader's zone on hover. */
export function TimeAgo({ at }: { at: Date | string }) {
  const format = useFormatter();
  const now = useClock();
  const date = new Date(at);
  // The clock moves in steps, and another machine's may be ahead: what was made since is new, not to come.
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
