"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * False in the HTML that the server sends and until the page's scripts have taken it over. What a person enters in a
 * controlled field before that moment is lost, so such a field is disabled until then.
 */
export function useIsAwake(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
