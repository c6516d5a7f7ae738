import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { localeCookie, localeOf } from "#contracts/locale.ts";
import { messagesOf } from "./messages.ts";
import { zoneCookie, zoneOf } from "./zone.ts";

/** Language and time zone of a request: what the reader chose, else what the browser states. */
export default getRequestConfig(async () => {
  const jar = await cookies();
  const chosen = jar.get(localeCookie)?.value;
  const locale = localeOf(chosen ?? (await headers()).get("accept-language"));
  return {
    locale,
    messages: messagesOf(locale),
    timeZone: zoneOf(jar.get(zoneCookie)?.value),
    now: new Date(),
  };
});
