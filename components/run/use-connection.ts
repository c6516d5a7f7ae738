"use client";

import { useDocumentVisibility } from "@mantine/hooks";
import { useEffect, useEffectEvent, useRef, useState } from "react";

/** A break shorter than this is not worth a word. */
const silentMs = 2_000;

export interface Connection {
  readonly isLost: boolean;
}

/**
 * Says when a stream has been cut for a while, and calls `onBack` when it stands again, so that the page reads what
 * it missed.
 */
export function useConnection(
  status: "idle" | "connecting" | "pending" | "error",
  onBack: () => void,
): Connection {
  const [isLost, setIsLost] = useState(false);
  const wasUp = useRef(false);
  const comeBack = useEffectEvent(onBack);
  useEffect(() => {
    if (status === "pending") {
      wasUp.current = true;
      if (isLost) {
        setIsLost(false);
        comeBack();
      }
      return;
    }
    if (status === "idle" || !wasUp.current) return;
    const timer = setTimeout(() => setIsLost(true), silentMs);
    return () => clearTimeout(timer);
  }, [status, isLost]);
  return { isLost };
}

/** A stream is open while somebody looks: browsers allow few connections, and a hidden page needs none. */
export function useIsLooking(): boolean {
  return useDocumentVisibility() !== "hidden";
}
