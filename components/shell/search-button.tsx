"use client";

import { ActionIcon, UnstyledButton } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { Kbd } from "#components/ui/kbd.tsx";
import styles from "./shell.module.css";

/** Opens search and commands; a field with its shortcut where there is room, an icon on a phone. */
export function SearchButton() {
  const t = useTranslations("shell");
  const os = useOs();
  const keys = os === "macos" || os === "ios" ? "⌘K" : "Ctrl K";
  return (
    <>
      <UnstyledButton className={styles.search} onClick={spotlight.open} aria-keyshortcuts="Meta+K Control+K">
        <IconSearch size={16} aria-hidden />
        <span>{t("search")}</span>
        <Kbd>{keys}</Kbd>
      </UnstyledButton>
      <ActionIcon
        size="lg"
        className={styles.searchIcon}
        onClick={spotlight.open}
        aria-label={t("searchOpen")}
      >
        <IconSearch size={18} aria-hidden />
      </ActionIcon>
    </>
  );
}
