/** Sends the reader to the sign-in page with the reason, and back here afterwards. */
export function leaveForSignIn(): void {
  if (window.location.pathname === "/signin") return;
  const here = `${window.location.pathname}${window.location.search}`;
  window.location.assign(`/signin?reason=ended&next=${encodeURIComponent(here)}`);
}

/** A path of this site to go to after sign-in; anything else (another site, a script) becomes the default. */
export function safeNext(value: string | undefined | null, fallback = "/o"): string {
  if (!value || !/^\/(?![/\\])/.test(value) || /[\s\\]/.test(value)) return fallback;
  return value;
}
