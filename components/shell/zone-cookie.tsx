"use client";

import { useRouter } from "next/navigation";
import { useTimeZone } from "next-intl";
import { useEffect } from "react";
import { zoneCookie } from "#i18n/zone.ts";

/** Tells the server the reader's time zone, and renders the page again where it guessed wrong (the first visit). */
export function ZoneCookie() {
  const known = useTimeZone();
  const router = useRouter();
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!own || own === known) return;
    const wanted = `${zoneCookie}=${encodeURIComponent(own)}`;
    if (document.cookie.split("; ").includes(wanted)) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the CookieStore API is absent in Firefox ESR.
    document.cookie = `${wanted}; Path=/; Max-Age=31536000; SameSite=Lax`;
    router.refresh();
  }, [known, router]);
  return null;
}
