import type { Locale as OwnLocale } from "#contracts/locale.ts";
import type { Messages as OwnMessages } from "./messages.ts";

declare module "next-intl" {
  interface AppConfig {
    Locale: OwnLocale;
    Messages: OwnMessages;
  }
}
