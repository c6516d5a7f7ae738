"use client";

import { useNow } from "next-intl";
import { useSyncExternalStore } from "react";

const tickMs = 10_000;

const tick = () => Math.floor(Date.now() / tickMs) * tickMs;

function subscribe(changed: () => void): () => void {
  const timer = setInterval(changed, tickMs);
  return () => clearInterval(timer);
}

/**
 * The time in steps of ten seconds: the reader's own clock, also on a page that is opened from one that was open for
 * long; the server's while its HTML is taken over.
 */
export function useClock(): Date {
  const served = useNow();
  return new Date(useSyncExternalStore(subscribe, tick, () => served.getTime()));
}
