import type { LiveHub, LiveMessage } from "./hub.ts";

/**
 * Messages of the hub that `wanted` lets through, as an async iterator that ends when `signal` aborts. Messages that
 * arrive while the reader is busy are merged into one wake-up: readers look up the state, so nothing is lost.
 */
export async function* wakeUps(
  hub: LiveHub,
  signal: AbortSignal,
  wanted: (message: LiveMessage) => boolean,
): AsyncGenerator<void> {
  let pending = false;
  let wake: (() => void) | undefined;
  const stir = () => {
    pending = true;
    wake?.();
  };
  const unsubscribe = hub.subscribe((message) => {
    if (message.kind === "reconnected" || wanted(message)) stir();
  });
  const onAbort = () => wake?.();
  signal.addEventListener("abort", onAbort);
  try {
    // The first wake-up is unconditional: what happened before the subscription is read too.
    pending = true;
    while (!signal.aborted) {
      if (!pending) await new Promise<void>((resolve) => (wake = resolve));
      wake = undefined;
      if (signal.aborted) return;
      pending = false;
      yield;
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", onAbort);
  }
}
