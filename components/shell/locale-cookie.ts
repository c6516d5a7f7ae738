import { isLocale, type Locale, localeCookie } from "#contracts/locale.ts";

/** The language that was chosen in this browser; undefined where none was. */
export function chosenLocale(): Locale | undefined {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${localeCookie}=`));
  const value = found?.slice(localeCookie.length + 1);
  return isLocale(value) ? value : undefined;
}

export function keepLocale(locale: Locale): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the CookieStore API is absent in Firefox ESR.
  document.cookie = `${localeCookie}=${locale}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
