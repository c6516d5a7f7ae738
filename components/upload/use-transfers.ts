"use client";

import { useCallback, useEffect, useReducer, useRef } from "react";
import { type Sending, sendFile, UploadCancelled } from "./send.ts";
import { nextToSend, type Transfer, transfersAfter } from "./transfers.ts";

/** More at once would only share the same connection. */
const atOnce = 2;
let added = 0;

export interface Transfers {
  readonly list: readonly Transfer[];
  readonly add: (files: readonly File[]) => void;
  /** Stops it where it is under way, and takes it off the list. */
  readonly remove: (id: string) => void;
  readonly retry: (id: string) => void;
}

/** Files that are being sent to a project. Leaving the page stops them; the browser asks first. */
export function useTransfers(org: string, project: string): Transfers {
  const [list, dispatch] = useReducer(transfersAfter, []);
  const sendings = useRef(new Map<string, Sending>());

  useEffect(() => {
    for (const { id, file } of nextToSend(list, atOnce)) {
      if (sendings.current.has(id)) continue;
      const onSent = (bytes: number) =>
        dispatch({ kind: "sent", id, sample: { at: performance.now(), bytes } });
      const sending = sendFile({ org, project, file, onSent });
      sendings.current.set(id, sending);
      dispatch({ kind: "started", id });
      sending.done
        .then((received) => dispatch({ kind: "received", id, received }))
        .catch((error: unknown) => {
          if (!(error instanceof UploadCancelled)) dispatch({ kind: "failed", id, error });
        })
        .finally(() => sendings.current.delete(id));
    }
  }, [list, org, project]);

  useEffect(() => {
    const running = sendings.current;
    return () => {
      for (const sending of running.values()) sending.cancel();
      running.clear();
    };
  }, []);

  useStayWhile(list.some(({ state }) => state === "sending" || state === "waiting"));

  return {
    list,
    add: useCallback((files: readonly File[]) => {
      dispatch({ kind: "added", files: files.map((file) => ({ id: String(++added), file })) });
    }, []),
    remove: useCallback((id: string) => {
      sendings.current.get(id)?.cancel();
      dispatch({ kind: "removed", id });
    }, []),
    retry: useCallback((id: string) => dispatch({ kind: "retried", id }), []),
  };
}

/** The browser asks before the page is closed. */
export function useStayWhile(isBusy: boolean): void {
  useEffect(() => {
    if (!isBusy) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [isBusy]);
}
