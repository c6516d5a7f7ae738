"use client";

import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import type { Locale } from "#contracts/locale.ts";
import { messagesOf } from "#i18n/messages.ts";

export interface TextsProps {
  readonly locale: Locale;
  readonly timeZone: string | undefined;
  readonly now: Date;
  readonly children: ReactNode;
}

/**
 * The texts for client components. They are part of the scripts, which a browser keeps, rather than of each page: all
 * of them written into every page cost more than the page itself.
 */
export function Texts({ locale, timeZone, now, children }: TextsProps) {
  return (
    <NextIntlClientProvider locale={locale} messages={messagesOf(locale)} timeZone={timeZone} now={now}>
      {children}
    </NextIntlClientProvider>
  );
}
