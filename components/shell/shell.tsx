"use client";

import { ActionIcon, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMenu2 } from "@tabler/icons-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { AccountMenu } from "./account-menu.tsx";
import { Commands } from "./commands.tsx";
import { ShellProvider, type ShellProviderProps } from "./context.tsx";
import { Mark } from "./mark.tsx";
import { Navigation } from "./navigation.tsx";
import { LanguageMenu, ThemeMenu } from "./preferences.tsx";
import { SearchButton } from "./search-button.tsx";
import styles from "./shell.module.css";
import { SkipLink } from "./skip-link.tsx";

/** The frame of every page of a signed-in person. */
export function Shell(props: ShellProviderProps) {
  return (
    <ShellProvider {...props}>
      <Frame>{props.children}</Frame>
    </ShellProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations("shell");
  const common = useTranslations("common");
  const [isOpen, drawer] = useDisclosure(false);
  return (
    <>
      <SkipLink />
      <div className={styles.nav}>
        <Navigation />
      </div>
      <header className={styles.header}>
        <ActionIcon
          size="lg"
          className={styles.burger}
          onClick={drawer.open}
          aria-label={t("openNavigation")}
          aria-expanded={isOpen}
        >
          <IconMenu2 size={20} aria-hidden />
        </ActionIcon>
        <Link href="/o" className={styles.brand}>
          <Mark size={24} />
          {common("brand")}
        </Link>
        <SearchButton />
        <LanguageMenu />
        <ThemeMenu />
        <AccountMenu />
      </header>
      <main id="content" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <Drawer
        opened={isOpen}
        onClose={drawer.close}
        size={280}
        padding={0}
        title={common("brand")}
        closeButtonProps={{ "aria-label": common("close"), size: "lg" }}
        styles={{ header: { padding: "8px 16px", minHeight: 48 } }}
      >
        <Navigation onNavigate={drawer.close} />
      </Drawer>
      <Commands />
    </>
  );
}
