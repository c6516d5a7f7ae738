import type { useTRPCClient } from "#components/api/client.ts";
import { chosenLocale, keepLocale } from "#components/shell/locale-cookie.ts";
import { isLocale } from "#contracts/locale.ts";

/** In a browser where no language was chosen yet, the account's is used. A failure here keeps nobody out. */
export async function adoptLanguage(api: ReturnType<typeof useTRPCClient>): Promise<void> {
  if (chosenLocale() !== undefined) return;
  const me = await api.account.me.query().catch(() => undefined);
  if (isLocale(me?.locale)) keepLocale(me.locale);
}
