"use client";

import { useRouter } from "next/navigation";
import { useLocale } from "next-intl";
import type { Locale } from "#contracts/locale.ts";
import { keepLocale } from "./locale-cookie.ts";

/** The page's language, and a function that changes it here and now, for this browser. */
export function useLocaleChoice(): { locale: Locale; choose: (locale: Locale) => void } {
  const router = useRouter();
  const locale = useLocale();
  const choose = (next: Locale) => {
    keepLocale(next);
    router.refresh();
  };
  return { locale, choose };
}
