import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "@mantine/dropzone/styles.layer.css";
import "./global.css";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { getLocale, getNow, getTimeZone, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Providers } from "#components/shell/providers.tsx";
import { Texts } from "#components/shell/texts.tsx";
import { schemeKey } from "#components/theme/scheme.ts";
import { localeOf } from "#contracts/locale.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common");
  return {
    title: { default: t("brand"), template: `%s · ${t("brand")}` },
    description: t("tagline"),
    // Links of this product carry secrets and private names; nothing but the landing page is for search engines.
    robots: { index: false, follow: false },
  };
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fcfcfa" },
    { media: "(prefers-color-scheme: dark)", color: "#161816" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = localeOf(await getLocale());
  return (
    <html lang={locale === "zh" ? "zh-Hans" : "en"} {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" localStorageKey={schemeKey} />
      </head>
      <body>
        <Texts locale={locale} timeZone={await getTimeZone()} now={await getNow()}>
          <Providers>{children}</Providers>
        </Texts>
      </body>
    </html>
  );
}
