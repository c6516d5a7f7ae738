"use client";

import { useDocumentVisibility } from "@mantine/hooks";
import { useEffect, useEffectEvent, useRef, useState } from "react";

/** A break shorter than this is not worth a word. */
const silentMs = 2_000;
/** Waits before a stream that ended is opened again; the last one from then on. */
const waitsMs = [2_000, 5_000, 10_000, 30_000] as const;

export interface Connection {
  readonly isLost: boolean;
}

/** What is looked at of a subscription of `@trpc/tanstack-react-query`. */
export interface StreamState {
  readonly status: "idle" | "connecting" | "pending" | "error";
  readonly reset: () => void;
}

/**
 * Says when a stream has been cut for a while, opens one again that the server ended, and calls `onBack` when it
 * stands again, so that the page reads what it missed.
 *
 * @param isWanted false while the page asks for no stream; nothing is lost then
 */
export function useConnection(
  { status, reset }: StreamState,
  isWanted: boolean,
  onBack: () => void,
): Connection {
  const [isLost, setIsLost] = useState(false);
  const wasUp = useRef(false);
  const tries = useRef(0);
  const comeBack = useEffectEvent(onBack);
  const open = useEffectEvent(reset);
  useEffect(() => {
    if (!isWanted) {
      wasUp.current = false;
      setIsLost(false);
      return;
    }
    if (status === "pending") {
      wasUp.current = true;
      tries.current = 0;
      if (isLost) {
        setIsLost(false);
        comeBack();
      }
      return;
    }
    const timers: ReturnType<typeof setTimeout>[] = [];
    if (wasUp.current && !isLost) timers.push(setTimeout(() => setIsLost(true), silentMs));
    // A cut connection is opened again by the link itself; a stream that ended is not.
    if (status === "error" || (status === "idle" && wasUp.current)) {
      const wait = waitsMs[Math.min(tries.current++, waitsMs.length - 1)];
      timers.push(setTimeout(() => open(), wait));
    }
    return () => timers.forEach((timer) => void clearTimeout(timer));
  }, [status, isLost, isWanted]);
  return { isLost };
}

/** A stream is open while somebody looks: browsers allow few connections, and a hidden page needs none. */
export function useIsLooking(): boolean {
  return useDocumentVisibility() !== "hidden";
}
