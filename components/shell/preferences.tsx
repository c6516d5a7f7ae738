"use client";

import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { isLocale, locales } from "#contracts/locale.ts";
import { useLocaleChoice } from "./use-locale-choice.ts";

const schemes = ["light", "dark", "auto"] as const;
const schemeIcons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop } as const;

/** Language of the page. Each language is named in itself, so that its readers find it. */
export function LanguageMenu() {
  const t = useTranslations("shell");
  const { locale, choose } = useLocaleChoice();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t("language")}>
          <IconLanguage size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={locale} onChange={(value) => isLocale(value) && choose(value)}>
          {locales.map((each) => (
            <Menu.RadioItem key={each} value={each} lang={each === "zh" ? "zh-Hans" : "en"} closeMenuOnClick>
              {t(`languages.${each}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

export function ThemeMenu() {
  const t = useTranslations("shell");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // The server does not know the choice: until the page is alive the icon is that of the system.
  const shown = useMounted() ? colorScheme : "auto";
  const Icon = schemeIcons[shown];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t("theme")}>
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={shown}
          onChange={(value) => setColorScheme(schemes.find((each) => each === value) ?? "auto")}
        >
          {schemes.map((each) => (
            <Menu.RadioItem key={each} value={each} closeMenuOnClick>
              {t(`themes.${each}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
